#pragma once

#include <string>
#include <string_view>

namespace braid::origin {

std::string gzip(std::string_view text);
/// Throws decode_error. Limits: 256 MiB.
std::string gunzip(std::string_view packed);

}  // namespace braid::origin
