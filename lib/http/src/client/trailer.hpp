#pragma once

#include <string_view>

namespace braid::http {

/// True for a field that may stand behind a body. Those that say where a message ends, what it is or who may read it
/// come too late there (RFC 9110, 6.5.1), and are dropped.
bool may_be_trailer(std::string_view name) noexcept;

}  // namespace braid::http
