#pragma once

#include <atomic>
#include <braid/core/clock.hpp>
#include <cstdint>
#include <limits>
#include <optional>

namespace braid::bench {

/// The work of a mode, one ticket a request, pulled by whichever task is free: a slow context takes less.
///
/// Threads: take() from any; one atomic increment a request is all that contexts share while a mode runs.
class tickets {
 public:
  /// `interrupted` is set by Ctrl-C and lives longer than the tickets.
  tickets(std::optional<std::uint64_t> count, std::optional<time_point> end, const std::atomic<bool>& interrupted)
      : count_(count.value_or(std::numeric_limits<std::uint64_t>::max())), end_(end), interrupted_(interrupted) {}

  /// The number of the request to make, nothing when there are no more: all are taken, the time is over, or Ctrl-C.
  std::optional<std::uint64_t> take() {
    if (interrupted_.load(std::memory_order_relaxed) || (end_ && clock::now() >= *end_)) {
      return std::nullopt;
    }
    const auto number = next_.fetch_add(1, std::memory_order_relaxed);
    return number < count_ ? std::optional(number) : std::nullopt;
  }

 private:
  alignas(64) std::atomic<std::uint64_t> next_{0};
  alignas(64) const std::uint64_t count_;
  const std::optional<time_point> end_;
  const std::atomic<bool>& interrupted_;
};

}  // namespace braid::bench
