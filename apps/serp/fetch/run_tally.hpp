#pragma once

#include <braid/core/clock.hpp>
#include <braid/measure/histogram.hpp>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>

#include "record.hpp"

namespace braid::fetch {

/// What became of one engine's requests, or of those that one proxy carried.
struct tally_counts {
  tally_counts() = default;

  std::uint64_t total = 0;  ///< requests that the run has for it; 0 where that is not known
  std::uint64_t in_flight = 0;
  std::uint64_t attempts = 0;                       ///< that are over
  std::uint64_t answered = 0;                       ///< of those, whatever the answer was
  std::uint64_t done = 0, blocked = 0, failed = 0;  ///< records that are safe
  double seconds = 0;                               ///< that the attempts took, all together

  std::uint64_t finished() const { return done + blocked + failed; }
};

/// Counters of a run, by engine and by proxy, for its progress, metrics and report.
///
/// Threads: shared by all contexts; a lock is held for well under a microsecond a request.
class run_tally_shared {
 public:
  using by_name = std::map<std::string, tally_counts>;

  void expect(const std::string& engine, std::uint64_t requests);
  void began(const std::string& engine, const std::string& proxy);
  /// `time` counts where there was an answer.
  void ended(const std::string& engine, const std::string& proxy, duration time, bool answered);
  void saved(const std::string& engine, const std::string& proxy, outcome what);

  by_name engines() const;
  /// Without credentials in their names.
  by_name proxies() const;
  /// Times of the attempts that were answered, over the run.
  std::map<std::string, measure::histogram> times() const;
  /// The same for all engines since the last call.
  measure::histogram take_recent();

 private:
  template <class Change>
  void change(const std::string& engine, const std::string& proxy, Change what);

  mutable std::mutex mutex_;
  by_name engines_, proxies_;
  std::map<std::string, measure::histogram> times_;  // by engine
  measure::histogram recent_;
};

}  // namespace braid::fetch
