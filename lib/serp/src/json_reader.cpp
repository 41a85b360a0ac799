#include "json_reader.hpp"

#include <algorithm>

namespace braid::serp {

void json_reader::only(std::initializer_list<std::string_view> known) const {
  if (!value_->is_object()) fail("an object is expected here");
  for (const auto& member : value_->items()) {
    if (std::find(known.begin(), known.end(), member.key()) != known.end()) continue;
    std::string names;
    for (const auto name : known) names += (names.empty() ? "" : ", ") + std::string(name);
    file_->fail(pointer_ + "/" + member.key(), "unknown key \"" + member.key() + "\"; known here: " + names);
  }
}

json_reader json_reader::at(const char* key) const {
  if (!has(key)) fail("\"" + std::string(key) + "\" is missing");
  return {*file_, (*value_)[key], pointer_ + "/" + key};
}

std::string json_reader::text(const char* key, std::string otherwise) const {
  return has(key) ? at(key).text() : otherwise;
}

int json_reader::number(const char* key, int otherwise) const { return has(key) ? at(key).number() : otherwise; }

bool json_reader::flag(const char* key, bool otherwise) const {
  if (!has(key)) return otherwise;
  const auto here = at(key);
  if (!here.value_->is_boolean()) here.fail("true or false is expected here");
  return here.value_->get<bool>();
}

std::string json_reader::text() const {
  if (!value_->is_string()) fail("a text is expected here");
  return value_->get<std::string>();
}

int json_reader::number() const {
  if (!value_->is_number_integer()) fail("a whole number is expected here");
  return value_->get<int>();
}

double json_reader::real() const {
  if (!value_->is_number()) fail("a number is expected here");
  return value_->get<double>();
}

std::vector<std::string> json_reader::texts() const {
  if (is_text()) return {text()};
  std::vector<std::string> all;
  each([&](const json_reader& one) { all.push_back(one.text()); });
  return all;
}

void json_reader::each(const std::function<void(const json_reader&)>& take) const {
  if (!value_->is_array()) fail("a list is expected here");
  for (std::size_t i = 0; i < value_->size(); ++i)
    take(json_reader(*file_, (*value_)[i], pointer_ + "/" + std::to_string(i)));
}

void json_reader::members(const std::function<void(const std::string&, const json_reader&)>& take) const {
  if (!value_->is_object()) fail("an object is expected here");
  for (const auto& member : value_->items())
    take(member.key(), json_reader(*file_, member.value(), pointer_ + "/" + member.key()));
}

}  // namespace braid::serp
