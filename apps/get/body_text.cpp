#include "body_text.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

#include "get_error.hpp"

namespace braid::get {

std::string file_content(const std::string& name) {
  if (name == "-") return {std::istreambuf_iterator<char>(std::cin), {}};
  std::ifstream file(name, std::ios::binary);
  if (!file || std::filesystem::is_directory(name)) throw get_error(read_failed, "Failed to open " + name);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string body_text(std::string_view argument, data_kind kind) {
  if (kind == data_kind::raw || !argument.starts_with('@')) return std::string(argument);
  std::string text = file_content(std::string(argument.substr(1)));
  if (kind == data_kind::ascii) {
    const auto is_dropped = [](char c) { return c == '\r' || c == '\n' || c == '\0'; };
    text.erase(std::remove_if(text.begin(), text.end(), is_dropped), text.end());
  }
  return text;
}

std::string percent_encoded(std::string_view text, space_form spaces) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    if (c == ' ' && spaces == space_form::plus) {
      out += '+';
    } else if (plain || std::string_view("-._~").find(c) != std::string_view::npos) {
      out += c;
    } else {
      out += '%';
      out += digits[byte >> 4];
      out += digits[byte & 15];
    }
  }
  return out;
}

std::string encoded_text(std::string_view argument) {
  const std::size_t mark = argument.find_first_of("=@");
  if (mark == argument.npos) return percent_encoded(argument, space_form::plus);
  const std::string name(argument.substr(0, mark));
  const std::string_view rest = argument.substr(mark + 1);
  const std::string value =
      percent_encoded(argument[mark] == '@' ? file_content(std::string(rest)) : std::string(rest), space_form::plus);
  return name.empty() ? value : name + "=" + value;
}

}  // namespace braid::get
