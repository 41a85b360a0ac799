#pragma once

#include <string_view>

namespace braid::http {

/// True for "host", "host:port" and "[v6]:port": what a Host header may hold. User names, paths, spaces, lists and
/// empty hosts are refused.
bool is_authority(std::string_view text);

}  // namespace braid::http
