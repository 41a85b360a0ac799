#pragma once

#include <braid/measure/cpu_time.hpp>
#include <braid/measure/histogram.hpp>
#include <braid/measure/summary.hpp>
#include <braid/measure/thread_time.hpp>
#include <braid/measure/timeline.hpp>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "bench/run/environment.hpp"
#include "load_tally.hpp"

namespace braid::bench {

/// How busy a generator's context was.
struct context_use {
  measure::thread_time used;
  std::chrono::nanoseconds wall{0};

  /// The share of the time in which it worked or would have, had it got its core.
  double busy() const;
};

/// One repetition, as measured.
struct load_run {
  std::chrono::nanoseconds wall{0};  ///< first request due to last one answered
  std::uint64_t requests = 0;        ///< finished, failed ones among them
  std::uint64_t succeeded = 0;       ///< answered with a status below 400
  std::uint64_t bytes = 0;
  std::optional<std::uint64_t> unsent;    ///< open loop: were due and never sent
  std::chrono::nanoseconds last_sent{0};  ///< when the last request was, from the begin
  measure::histogram latency;
  measure::histogram service;
  measure::histogram late;
  std::map<int, std::uint64_t> statuses;
  std::map<std::string, std::uint64_t> errors;
  std::map<std::string, std::string> examples;
  std::vector<context_use> contexts;
  measure::resource_usage client;
  std::optional<std::chrono::nanoseconds> others_cpu;  ///< of all other processes of this machine meanwhile
  bool interrupted = false;
  std::optional<measure::timeline> timeline;  ///< where it was recorded

  void add(const load_tally& of_context);

  std::uint64_t failed() const { return requests - succeeded; }
  double throughput() const;       ///< successes a second
  double cpu_per_request() const;  ///< seconds, user and system
  double busiest() const;          ///< context_use::busy() of the busiest context
};

/// All repetitions.
struct load_report {
  std::string started_at;
  environment where;
  std::string protocol;  ///< that the target speaks with us
  std::vector<load_run> runs;
  bool interrupted = false;

  std::uint64_t requests() const;
  std::uint64_t succeeded() const;
  std::uint64_t bytes() const;
  measure::histogram latency() const;
  measure::histogram service() const;
  measure::histogram late() const;
  measure::summary throughput() const;
  measure::summary cpu_per_request() const;
  /// Seconds at a percentile, a value for each repetition.
  measure::summary latency_at(double percent) const;
  std::map<int, std::uint64_t> statuses() const;
  std::map<std::string, std::uint64_t> errors() const;
};

}  // namespace braid::bench
