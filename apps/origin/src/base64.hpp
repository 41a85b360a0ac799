#pragma once

#include <string>
#include <string_view>

namespace braid::origin {

/// base64url without padding, as Bing's counter links carry their target.
inline std::string base64url(std::string_view text) {
  constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string out;
  unsigned bits = 0, held = 0;
  for (const char c : text) {
    bits = (bits << 8) | static_cast<unsigned char>(c);
    held += 8;
    while (held >= 6) {
      held -= 6;
      out += digits[(bits >> held) & 63];
    }
  }
  if (held > 0) out += digits[(bits << (6 - held)) & 63];
  return out;
}

}  // namespace braid::origin
