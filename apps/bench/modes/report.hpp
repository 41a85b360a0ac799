#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "bench/run/options.hpp"
#include "bench/run/result.hpp"

namespace braid::bench {

/// What was run, the table, and what it means: for people.
std::string render(const modes_report& report, const modes_options& options);

/// The sentences below the table: what the figures mean, what they do not show, what failed.
std::vector<std::string> reading(const modes_report& report, const modes_options& options);

/// Everything that was measured. apps/bench/README.md documents the shape.
nlohmann::json to_json(const modes_report& report, const modes_options& options);

}  // namespace braid::bench
