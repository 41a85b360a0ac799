#pragma once

#include <braid/core/clock.hpp>
#include <nlohmann/json.hpp>
#include <string>

#include "engine_pages.hpp"
#include "fetcher.hpp"
#include "options.hpp"
#include "run_history.hpp"
#include "summary.hpp"

namespace braid::fetch {

/// All that --report shows: totals, what happened over time, engines with their limits, proxies, stages, fields. No
/// passwords. Times are in seconds; moments count from `begin`.
nlohmann::json run_report(const fetch_options& options, const run_result& result, const fetcher& gathering,
                          const engine_pages& engines, const run_history& history, time_point begin,
                          std::chrono::system_clock::time_point started_at);

/// The report as a page of its own, which needs no network.
std::string report_page(const nlohmann::json& report);

}  // namespace braid::fetch
