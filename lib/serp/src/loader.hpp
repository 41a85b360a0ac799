#pragma once

#include <string_view>

#include "definition.hpp"

namespace braid::serp {

/// Throws: invalid_argument, "source:line:column: what is wrong".
definition load_definition(std::string_view json, std::string_view source);

}  // namespace braid::serp
