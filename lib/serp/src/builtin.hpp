#pragma once

#include <span>
#include <string_view>

namespace braid::serp {

struct builtin_definition {
  std::string_view name, json;
};

/// engines/*.json, compiled in: embed_engines.cmake writes the .cpp.
std::span<const builtin_definition> builtin_definitions();

}  // namespace braid::serp
