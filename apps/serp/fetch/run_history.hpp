#pragma once

#include <braid/core/clock.hpp>
#include <braid/scrape/concurrency_limit.hpp>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace braid::fetch {

/// A run at one moment, counted from its beginning.
struct run_sample {
  run_sample() = default;

  double at_s = 0;
  std::uint64_t done = 0, blocked = 0, failed = 0;
  std::uint64_t in_flight = 0, waiting_for_parse = 0, waiting_for_save = 0;
  double p50_s = 0, p99_s = 0;  ///< of the requests that ended since the sample before; zero without any
};

/// What a run's report shows over time. Of a long run every second sample is dropped when there are too many, so that a
/// run of a week has no more of them than one of ten minutes.
class run_history {
 public:
  /// Seconds between two samples now.
  double interval_s() const noexcept { return interval_s_; }
  void add(const run_sample& sample);
  const std::vector<run_sample>& samples() const noexcept { return samples_; }

 private:
  std::vector<run_sample> samples_;
  double interval_s_ = 0.25;
};

/// A change of a target's limit.
struct limit_change {
  time_point at;
  std::size_t limit = 0;
  scrape::limit_reason reason = scrape::limit_reason::start;
};

/// The same for the changes of a limit.
class limit_history {
 public:
  void add(const limit_change& change);
  const std::vector<limit_change>& changes() const noexcept { return changes_; }

 private:
  std::vector<limit_change> changes_;
  std::size_t stride_ = 1, skipped_ = 0;
};

}  // namespace braid::fetch
