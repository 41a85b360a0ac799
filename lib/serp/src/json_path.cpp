#include "json_path.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include <braid/core/error.hpp>

namespace braid::serp {
namespace {

using json = nlohmann::ordered_json;

std::string unescaped(const std::string& text, std::size_t begin, std::size_t end) {
  std::string part;
  for (auto at = begin; at < end; ++at) {
    if (text[at] != '~') {
      part += text[at];
      continue;
    }
    ++at;
    if (at >= end || (text[at] != '0' && text[at] != '1'))
      throw invalid_argument("JSON pointer \"" + text + "\": after ~ stands 0 (for ~) or 1 (for /)");
    part += text[at] == '0' ? '~' : '/';
  }
  return part;
}

void add_children(const json& of, std::vector<const json*>& into) {
  if (!of.is_structured()) return;
  for (const auto& child : of) into.push_back(&child);
}

void add_child(const json& of, const std::string& part, std::vector<const json*>& into) {
  if (of.is_object()) {
    const auto found = of.find(part);
    if (found != of.end()) into.push_back(&*found);
  } else if (of.is_array()) {
    std::size_t index = 0;
    const auto read = std::from_chars(part.data(), part.data() + part.size(), index);
    if (read.ec == std::errc() && read.ptr == part.data() + part.size() && index < of.size())
      into.push_back(&of[index]);
  }
}

}  // namespace

json_path::json_path(const std::string& text) : text_(text), given_(true) {
  if (text.empty()) return;
  if (text.front() != '/') throw invalid_argument("JSON pointer \"" + text + "\": it begins with / or is empty");
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find('/', at + 1), text.size());
    parts_.push_back(unescaped(text, at + 1, end));
    at = end;
  }
}

std::vector<const json*> json_path::find(const json& from) const {
  if (!given_) return {};
  std::vector<const json*> here = {&from};
  for (const auto& part : parts_) {
    std::vector<const json*> next;
    for (const auto* one : here) {
      if (part == "*")
        add_children(*one, next);
      else
        add_child(*one, part, next);
    }
    here = std::move(next);
  }
  return here;
}

}  // namespace braid::serp
