#pragma once

#include <optional>
#include <string_view>

namespace braid::html {

/// The encoding that the bytes of a page without any declaration look like, by how often which characters stand beside
/// which; a name of encoding_by_label(). Nothing where too little of the page is beyond ASCII to tell.
std::optional<std::string_view> detected_encoding(std::string_view bytes);

}  // namespace braid::html
