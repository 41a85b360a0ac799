#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace braid::http {

// The bytes that the parts of a header field are made of.

/// Whether a byte may stand in a token (RFC 9110, 5.6.2), by its value.
inline constexpr auto token_bytes = [] {
  std::array<bool, 256> out{};
  for (int c = 0; c < 128; ++c) {
    const bool alphanumeric = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    out[static_cast<std::size_t>(c)] =
        alphanumeric || std::string_view("!#$%&'*+-.^_`|~").find(static_cast<char>(c)) != std::string_view::npos;
  }
  return out;
}();

/// Optional white space (RFC 9110, 5.6.3).
constexpr bool is_blank(char c) { return c == ' ' || c == '\t'; }

/// What may stand in no field value (RFC 9110, 5.5).
constexpr bool is_control(char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7F; }

constexpr void skip_blanks(std::string_view& text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
}

/// Without the blanks around it.
constexpr std::string_view trimmed(std::string_view text) {
  skip_blanks(text);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

/// Calls f with each element of a comma-separated list, without the space around it.
template <class F>
void for_each_element(std::string_view list, F f) {
  for (;;) {
    const std::size_t comma = list.find(',');
    f(trimmed(list.substr(0, comma)));
    if (comma == list.npos) return;
    list.remove_prefix(comma + 1);
  }
}

}  // namespace braid::http
