#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <braid/html/document.hpp>

#include "tree.hpp"

// The seam: what braid::html asks of the HTML parser below it. One .cpp implements it and is the only one to name that
// parser; CMakeLists.txt chooses which.

namespace braid::html {

/// Parses UTF-8 into `into`, which is empty. Throws limit_error.
void parse_into(tree& into, std::string_view utf8, const limits& bounds);

/// The canonical name of an encoding known by `label` ("latin1"), or nothing.
std::optional<std::string_view> encoding_by_label(std::string_view label);
/// What a <meta> near the beginning of the page declares.
std::optional<std::string_view> encoding_in_meta(std::string_view bytes);
/// `encoding` is one of the names above.
std::string decode(std::string_view bytes, std::string_view encoding);

}  // namespace braid::html
