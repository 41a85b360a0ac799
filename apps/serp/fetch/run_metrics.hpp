#pragma once

#include <string>

#include "fetcher.hpp"
#include "progress_view.hpp"

namespace braid::fetch {

/// A run as Prometheus reads it: records, attempts, requests in flight, limits and suspensions by engine, and the same
/// of proxies.
std::string run_metrics(const run_counts& counts, const fetcher& gathering);

}  // namespace braid::fetch
