#pragma once

#include <atomic>
#include <braid/core/clock.hpp>
#include <braid/measure/schedule.hpp>
#include <cstdint>
#include <limits>
#include <optional>

namespace braid::bench {

/// Who asks for what, and when: pulled by whichever worker is free.
///
/// Closed loop: a request is due when a worker has time for it. Open loop: request n is due n / rate seconds after the
/// begin, whoever has time for it and when.
///
/// Threads: take() from any; one atomic increment a request is all that contexts share while they run.
class load_schedule {
 public:
  /// A request: its number and when it ought to be sent.
  struct turn {
    std::uint64_t number = 0;
    time_point due;
  };

  /// An open loop is over so long after its end, for those who are late by no fault of the target.
  static constexpr auto grace = std::chrono::milliseconds(100);

  /// `interrupted` is set by Ctrl-C and lives longer than the schedule.
  load_schedule(std::optional<double> rate, std::optional<std::uint64_t> count, time_point begin,
                std::optional<time_point> end, const std::atomic<bool>& interrupted)
      : rate_(rate),
        count_(count ? *count : (rate && end ? measure::starts_before(*end - begin, *rate) : unlimited)),
        begin_(begin),
        end_(end ? *end + (rate ? duration(grace) : duration(0)) : time_point::max()),
        interrupted_(interrupted) {}

  /// The next request; nothing when all are taken, the time is over, or Ctrl-C was pressed.
  std::optional<turn> take(time_point now) {
    if (over(now)) {
      return std::nullopt;
    }
    const auto number = next_.fetch_add(1, std::memory_order_relaxed);
    if (number >= count_) {
      return std::nullopt;
    }
    return turn{number, rate_ ? begin_ + measure::intended_start(number, *rate_) : now};
  }

  bool over(time_point now) const { return now >= end_ || interrupted_.load(std::memory_order_relaxed); }

  /// How many requests there are to make; nothing where time alone decides.
  std::optional<std::uint64_t> count() const { return count_ == unlimited ? std::nullopt : std::optional(count_); }
  time_point begin() const { return begin_; }

 private:
  static constexpr auto unlimited = std::numeric_limits<std::uint64_t>::max();

  alignas(64) std::atomic<std::uint64_t> next_{0};
  alignas(64) const std::optional<double> rate_;
  const std::uint64_t count_;
  const time_point begin_;
  const time_point end_;
  const std::atomic<bool>& interrupted_;
};

}  // namespace braid::bench
