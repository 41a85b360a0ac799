#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "load_checks.hpp"
#include "load_options.hpp"
#include "load_result.hpp"

namespace braid::bench {

/// What was asked, the figures, and what can be held of them: for people.
std::string render(const load_report& report, const load_options& options, const std::vector<load_check>& checks);

/// Everything that was measured. apps/bench/README.md documents the shape.
nlohmann::json to_json(const load_report& report, const load_options& options, const std::vector<load_check>& checks);

}  // namespace braid::bench
