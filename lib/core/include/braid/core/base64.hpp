#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace braid {

/// Base64 with padding (RFC 4648, section 4).
std::string base64(std::string_view bytes);
/// With the alphabet for URLs and without padding (RFC 4648, section 5).
std::string base64url(std::string_view bytes);
/// Of either alphabet, padded or not; nothing if a character does not belong.
std::optional<std::string> base64_decode(std::string_view text);

}  // namespace braid
