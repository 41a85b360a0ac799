#pragma once

#include <algorithm>
#include <braid/core/clock.hpp>
#include <mutex>

namespace braid::scrape {

/// Hands out moments at which a request may start, evenly spaced: politeness toward one target, whoever asks.
///
/// Even spacing rather than a burst and a pause: search engines notice bursts.
///
/// Threads: shared by all contexts; a lock is held for a few instructions.
class pacer_shared {
 public:
  /// No `interval`: no limit.
  explicit pacer_shared(duration interval = duration::zero()) : interval_(interval) {}

  /// The moment at which the caller may go, `now` at the earliest. The place is taken: who leaves early wastes it.
  time_point reserve(time_point now) {
    if (interval_ <= duration::zero()) return now;
    const std::lock_guard lock(mutex_);
    const auto turn = std::max(now, next_);
    next_ = turn + interval_;
    return turn;
  }

  duration interval() const noexcept { return interval_; }

 private:
  const duration interval_;
  std::mutex mutex_;
  time_point next_ = time_point::min();
};

}  // namespace braid::scrape
