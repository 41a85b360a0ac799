#include <braid/http/headers.hpp>

#include <algorithm>
#include <limits>

#include <braid/core/error.hpp>

#include "field_bytes.hpp"

namespace braid::http {

namespace {

constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

void check(std::string_view name, std::string_view value) {
  if (!is_token(name)) throw invalid_argument("header: \"" + std::string(name) + "\" is no header name");
  if (!is_field_value(value)) {
    throw invalid_argument("header " + std::string(name) + ": the value has a line end or another control byte");
  }
}

}  // namespace

bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i] != b[i] && lower(a[i]) != lower(b[i])) return false;
  }
  return true;
}

bool is_token(std::string_view text) noexcept {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return token_bytes[static_cast<unsigned char>(c)]; });
}

bool is_field_value(std::string_view text) noexcept { return std::none_of(text.begin(), text.end(), is_control); }

headers::headers(std::initializer_list<std::pair<std::string_view, std::string_view>> fields) {
  for (const auto& [name, value] : fields) add(name, value);
}

std::size_t headers::find(std::string_view name, std::size_t from) const noexcept {
  for (std::size_t i = from; i < fields_.size(); ++i) {
    const place& at = fields_[i];
    if (at.name_size == name.size() && equal_ignoring_case({text_.data() + at.name, at.name_size}, name)) return i;
  }
  return fields_.size();
}

std::optional<std::string_view> headers::get(std::string_view name) const noexcept {
  const std::size_t at = find(name, 0);
  if (at == fields_.size()) return std::nullopt;
  return (*this)[at].value;
}

std::vector<std::string_view> headers::get_all(std::string_view name) const {
  std::vector<std::string_view> out;
  for (std::size_t at = find(name, 0); at < fields_.size(); at = find(name, at + 1)) out.push_back((*this)[at].value);
  return out;
}

headers& headers::add(std::string_view name, std::string_view value) {
  check(name, value);
  add_checked(name, trimmed(value));
  return *this;
}

void headers::add_checked(std::string_view name, std::string_view value) {
  const std::size_t begin = text_.size();
  if (begin + name.size() + value.size() > std::numeric_limits<std::uint32_t>::max()) {
    throw limit_error("headers: more than 4 GiB");
  }
  text_ += name;
  text_ += value;
  add_in_block(begin, name.size(), begin + name.size(), value.size());
}

void headers::assign_block(std::string_view text) {
  if (text.size() > std::numeric_limits<std::uint32_t>::max()) throw limit_error("headers: more than 4 GiB");
  fields_.clear();
  fields_.reserve(16);
  text_.assign(text);
}

void headers::add_in_block(std::size_t name, std::size_t name_size, std::size_t value, std::size_t value_size) {
  fields_.push_back({static_cast<std::uint32_t>(name), static_cast<std::uint32_t>(name_size),
                     static_cast<std::uint32_t>(value), static_cast<std::uint32_t>(value_size)});
}

headers& headers::set(std::string_view name, std::string_view value) {
  check(name, value);
  value = trimmed(value);
  const std::size_t at = find(name, 0);
  if (at == fields_.size()) {
    add_checked(name, value);
    return *this;
  }
  // The views may be of this object's own text: copied before anything moves.
  const std::string kept_name(name);
  const std::string kept_value(value);
  for (std::size_t next = find(kept_name, at + 1); next < fields_.size(); next = find(kept_name, next)) {
    fields_.erase(fields_.begin() + static_cast<std::ptrdiff_t>(next));
  }
  add_checked(kept_name, kept_value);
  fields_[at] = fields_.back();
  fields_.pop_back();
  return *this;
}

std::size_t headers::remove(std::string_view name) noexcept {
  const std::size_t before = fields_.size();
  std::size_t kept = 0;
  for (std::size_t i = 0; i < before; ++i) {
    const std::string_view here(text_.data() + fields_[i].name, fields_[i].name_size);
    if (!equal_ignoring_case(here, name)) fields_[kept++] = fields_[i];
  }
  fields_.resize(kept);
  if (kept == 0) text_.clear();
  return before - kept;
}

void headers::clear() noexcept {
  text_.clear();
  fields_.clear();
}

void headers::reserve(std::size_t fields, std::size_t text) {
  text_.reserve(text);
  fields_.reserve(fields);
}

headers::field headers::operator[](std::size_t index) const noexcept {
  const place& at = fields_[index];
  return {{text_.data() + at.name, at.name_size}, {text_.data() + at.value, at.value_size}};
}

}  // namespace braid::http
