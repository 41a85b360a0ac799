#include "body_text.hpp"

#include <algorithm>
#include <fstream>
#include <iostream>
#include <iterator>

#include "get_error.hpp"

namespace braid::get {

std::string body_text(std::string_view argument, data_kind kind) {
  if (kind == data_kind::raw || !argument.starts_with('@')) return std::string(argument);
  const std::string name(argument.substr(1));
  std::string text;
  if (name == "-") {
    text.assign(std::istreambuf_iterator<char>(std::cin), {});
  } else {
    std::ifstream file(name, std::ios::binary);
    if (!file) throw get_error(read_failed, "cannot read " + name);
    text.assign(std::istreambuf_iterator<char>(file), {});
  }
  if (kind == data_kind::ascii) {
    const auto is_dropped = [](char c) { return c == '\r' || c == '\n' || c == '\0'; };
    text.erase(std::remove_if(text.begin(), text.end(), is_dropped), text.end());
  }
  return text;
}

}  // namespace braid::get
