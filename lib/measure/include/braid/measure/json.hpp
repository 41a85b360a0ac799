#pragma once

#include <braid/measure/cpu_time.hpp>
#include <braid/measure/histogram.hpp>
#include <braid/measure/summary.hpp>

#include <nlohmann/json.hpp>

namespace braid::measure {

// Times are numbers of seconds in fields that end in _s, whatever they are in the program.

double seconds(std::chrono::nanoseconds value);

/// {"user_s", "system_s", "total_s"}
nlohmann::json to_json(const cpu_time& value);

/// {"count", "mean", "stdev", "median", "min", "max", "ci95"}; ci95 is null where nothing is known about the scatter.
nlohmann::json to_json(const summary& value);

/// A histogram of durations: {"count", "mean_s", "min_s", "p50_s", "p90_s", "p99_s", "p999_s", "max_s"}.
nlohmann::json latency_to_json(const histogram& value);

/// Whole and loss-free, to merge or compare later: {"min", "max", "mean", "buckets": [[lowest value, count], ...]}.
nlohmann::json to_json(const histogram& value);

/// The inverse of to_json(histogram). Throws braid::invalid_argument for anything else.
histogram histogram_from_json(const nlohmann::json& value);

}  // namespace braid::measure
