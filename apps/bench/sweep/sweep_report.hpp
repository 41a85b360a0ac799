#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "sweep_options.hpp"
#include "sweep_result.hpp"

namespace braid::bench {

/// The grid, the laws and what they mean: for people.
std::string render(const sweep_report& report, const sweep_options& options);

/// What the figures mean, a sentence each: what limits, how contexts scale, what is predicted.
std::vector<std::string> reading(const sweep_report& report);

/// Why the figures are not supported by what was measured; empty when they are.
std::vector<std::string> objections(const sweep_report& report);

/// Everything that was measured. apps/bench/README.md documents the shape.
nlohmann::json to_json(const sweep_report& report, const sweep_options& options);

}  // namespace braid::bench
