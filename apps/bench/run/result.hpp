#pragma once

#include <braid/measure/cpu_time.hpp>
#include <braid/measure/histogram.hpp>
#include <braid/measure/summary.hpp>
#include <braid/measure/timeline.hpp>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "environment.hpp"
#include "mode.hpp"

namespace braid::bench {

/// One run of one mode, as measured.
struct run_result {
  std::chrono::nanoseconds wall{0};
  std::uint64_t requests = 0;  ///< finished, failed ones among them
  std::uint64_t failed = 0;
  std::uint64_t named_failures = 0;  ///< of these: whose message has the URL
  std::uint64_t bytes = 0;
  std::uint64_t records = 0;
  measure::histogram latency;
  measure::histogram parse;
  measure::resource_usage client;
  std::optional<measure::cpu_time> origin_cpu;
  std::optional<std::uint64_t> most_in_flight;         ///< as the origin counted them
  std::optional<std::chrono::nanoseconds> others_cpu;  ///< of all other processes of the machine meanwhile
  std::map<std::string, std::uint64_t> failures;
  std::map<std::string, std::string> examples;
  bool interrupted = false;
  std::optional<measure::timeline> timeline;  ///< where it was recorded

  std::uint64_t succeeded() const { return requests - failed; }
  double throughput() const;              ///< successes a second
  double client_cpu_per_request() const;  ///< seconds
};

/// All runs of one mode.
struct mode_result {
  mode_plan plan;
  std::vector<run_result> runs;
  /// The number of requests the other modes made, where this one made fewer and its wall time is extrapolated.
  std::optional<std::uint64_t> extrapolated_to;

  // Over all runs.
  std::uint64_t requests() const;
  std::uint64_t failed() const;
  std::uint64_t bytes() const;
  measure::histogram latency() const;
  measure::histogram parse() const;
  measure::summary throughput() const;
  measure::summary wall_seconds() const;  ///< extrapolated where extrapolated_to says so
  measure::cpu_time client_cpu() const;   ///< mean of a run, not extrapolated
  std::optional<measure::cpu_time> origin_cpu() const;
  std::optional<std::uint64_t> most_in_flight() const;
  double others_cores() const;            ///< processors' worth of work that others did meanwhile
  double client_cpu_per_request() const;  ///< seconds
  double origin_cpu_per_request() const;
  bool interrupted() const;
};

/// Everything that braid-bench modes has found out.
struct modes_report {
  std::string started_at;
  environment where;
  std::vector<mode_result> modes;
  std::string origin;  ///< what answered: a process of ours or a URL
  bool origin_is_ours = false;
  bool interrupted = false;

  const mode_result* find(mode kind) const;
};

}  // namespace braid::bench
