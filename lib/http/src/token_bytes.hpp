#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace braid::http {

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

}  // namespace braid::http
