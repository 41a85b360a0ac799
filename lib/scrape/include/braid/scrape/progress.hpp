#pragma once

#include <braid/core/clock.hpp>
#include <cstdint>
#include <deque>
#include <optional>

namespace braid::scrape {

/// How fast a run is and how long it still takes, from how many items were finished when.
///
/// The rate is that of the last `window`, so that it shows what happens now; the remaining time follows from it. Both
/// are honest: nothing is said before enough is known, and a run that has stalled has no end in sight.
class progress_meter {
 public:
  explicit progress_meter(time_point begin, duration window = std::chrono::seconds(15));

  void update(std::uint64_t finished, time_point now);

  /// Items a second. Zero when nothing was finished in the window.
  double rate() const;
  /// Over the whole run.
  double mean_rate() const;
  duration elapsed() const { return samples_.back().when - begin_; }

  /// How long `left` more items take at the present rate; nothing while that is unknown.
  std::optional<duration> remaining(std::uint64_t left) const;

 private:
  struct sample {
    time_point when;
    std::uint64_t finished;
  };

  time_point begin_;
  duration window_;
  std::deque<sample> samples_;  // the oldest is the last one outside the window; never empty
};

}  // namespace braid::scrape
