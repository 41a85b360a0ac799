#include "encoder.hpp"

#include <algorithm>

#include <braid/core/base64.hpp>
#include <braid/http/headers.hpp>

#include "get_error.hpp"

namespace braid::get {

namespace {

constexpr std::size_t line_length = 76;

std::string in_base64(std::string_view content) {
  const std::string all = base64(content);
  std::string out;
  for (std::size_t at = 0; at < all.size(); at += line_length) {
    if (at > 0) out += "\r\n";
    out += all.substr(at, line_length);
  }
  return out;
}

/// One character; blanks are escaped where a line ends behind them.
std::string quoted(char c, bool ends_line) {
  const auto byte = static_cast<unsigned char>(c);
  const bool blank = c == ' ' || c == '\t';
  if (blank ? !ends_line : byte > ' ' && byte < 127 && c != '=') return std::string(1, c);
  constexpr std::string_view digits = "0123456789ABCDEF";
  return {'=', digits[byte >> 4U], digits[byte & 15U]};
}

std::string in_quoted_printable(std::string_view content) {
  std::string out;
  std::size_t column = 0;
  while (!content.empty()) {
    if (content.starts_with("\r\n")) {
      out += "\r\n";
      column = 0;
      content.remove_prefix(2);
      continue;
    }
    const std::string_view rest = content.substr(1);
    const bool ends_line = rest.empty() || rest.starts_with("\r\n");
    const std::string piece = quoted(content.front(), ends_line);
    // A line that goes on has room for the "=" that says so.
    if (column + piece.size() + (ends_line ? 0 : 1) > line_length) {
      out += "=\r\n";
      column = 0;
    }
    out += piece;
    column += piece.size();
    content = rest;
  }
  return out;
}

}  // namespace

std::string encoded_content(std::string_view content, std::string_view encoder) {
  const auto is = [encoder](std::string_view name) { return http::equal_ignoring_case(encoder, name); };
  if (is("base64")) return in_base64(content);
  if (is("quoted-printable")) return in_quoted_printable(content);
  if (is("7bit")) {
    const bool high = std::any_of(content.begin(), content.end(), [](char c) { return (c & 0x80) != 0; });
    if (high) throw get_error(read_failed, "a part of the form has bytes above 127 and ;encoder=7bit");
  } else if (!is("8bit") && !is("binary")) {
    throw get_error(bad_argument, "';encoder=" + std::string(encoder) + "' is none that is known");
  }
  return std::string(content);
}

}  // namespace braid::get
