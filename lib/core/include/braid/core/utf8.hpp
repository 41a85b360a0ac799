#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace braid {

/// The length of the longest prefix that is valid UTF-8.
std::size_t valid_utf8(std::string_view bytes);

/// The text with every byte that is not part of valid UTF-8 replaced by U+FFFD.
std::string repaired_utf8(std::string text);

}  // namespace braid
