#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "claims.hpp"
#include "claims_options.hpp"

namespace braid::bench {

/// Each claim with its figure and its verdict: for people.
std::string render(const claims_report& report);

/// apps/bench/README.md documents the shape.
nlohmann::json to_json(const claims_report& report, const claims_options& options);

}  // namespace braid::bench
