#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace braid::measure {

/// How many columns of a terminal a UTF-8 text takes: 2 for East Asian wide characters and emoji, 0 for combining
/// marks, 1 for everything else. A byte that is no UTF-8 takes 1, as the U+FFFD that printable() puts in its place.
std::size_t text_width(std::string_view text);

/// The text as it may be shown in one line of a terminal: control characters (line ends, escape sequences) become
/// spaces, bytes that are no UTF-8 become U+FFFD.
std::string printable(std::string_view text);

/// The longest beginning of `text` that fits into `columns`, with an ellipsis as its last character when something was
/// cut.
std::string clipped(std::string_view text, std::size_t columns);

}  // namespace braid::measure
