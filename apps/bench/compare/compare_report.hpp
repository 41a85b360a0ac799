#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "compare_result.hpp"

namespace braid::bench {

/// The figures side by side and the verdict: for people.
std::string render(const comparison& result);

/// The verdict in a sentence or two: "No difference." first, where there is none.
std::string verdict(const comparison& result);

/// apps/bench/README.md documents the shape.
nlohmann::json to_json(const comparison& result);

}  // namespace braid::bench
