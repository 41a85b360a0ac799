#pragma once

#include <braid/core/clock.hpp>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace braid::scrape {

struct limit_options {
  std::size_t start = 16;
  std::size_t least = 1;
  std::size_t most = 1000;
  double tolerance = 1.25;    ///< how much slower than alone a request may be before that counts as queueing
  double most_errors = 0.1;   ///< the share of signs of overload in a round from which the limit falls
  double after_errors = 0.7;  ///< what it is multiplied by then

  limit_options() = default;
};

/// Why a limit is what it is.
enum class limit_reason : std::uint8_t {
  start,       ///< nothing is known yet
  room,        ///< requests took no longer than alone: it rose
  queue,       ///< they took longer: it fell by the share that waited
  overload,    ///< too many signs of overload: it fell
  probe,       ///< halved for a round, to know what one takes alone
  probe_kept,  ///< half as many brought as much done: it stays at the half
  probe_over,  ///< they did not: it is back where it was
};
std::string_view to_string(limit_reason reason) noexcept;

/// How many requests a target can have at once before they only wait there: found out from what they take. A plain
/// function of what has been recorded.
///
/// It goes round by round, a round being as many requests as the limit. Requests that take longer than one alone, by
/// more than chance explains, stand in a queue: the limit falls by the share that waits, and otherwise rises by half
/// its square root. What one takes alone is the least that a round took; to know it, the limit is halved for a round
/// now and then, at once when it starts: that is how a limit far too high comes down, and how a target that has become
/// faster or slower is found out. Timeouts, resets, 429 and 503 are signs of overload; many of them in a round lower
/// the limit whatever the rest took. A limit that is not used does not rise.
///
/// Threads: one at a time.
class concurrency_limit {
 public:
  explicit concurrency_limit(const limit_options& options = {});

  /// A request is over. `under_way` are the others that still are.
  void record(time_point started, time_point ended, bool overload, std::size_t under_way);

  std::size_t limit() const;
  /// Of its last change.
  limit_reason reason() const { return reason_; }
  /// What a request takes alone, as far as is known; zero before the first round.
  duration alone() const { return seconds(alone_); }
  /// What one took in the last round, on average.
  duration last() const { return seconds(last_); }
  std::uint64_t rounds() const { return rounds_; }

 private:
  enum class mode : std::uint8_t { normal, probe };

  static duration seconds(double value) {
    return std::chrono::duration_cast<duration>(std::chrono::duration<double>(value));
  }
  void end_round(time_point now);
  void adjust(double mean, double spread);
  void begin_probe();
  void end_probe(double mean);

  const limit_options options_;
  double limit_;
  limit_reason reason_ = limit_reason::start;
  mode mode_ = mode::normal;
  double before_probe_ = 0;  // limit and mean
  double mean_before_probe_ = 0;
  std::uint64_t next_probe_ = 1;  // in rounds
  std::uint64_t probe_gap_ = 8;
  double alone_ = 0, last_ = 0;
  std::uint64_t rounds_ = 0;

  // The round.
  time_point begin_ = time_point::min();
  std::size_t good_ = 0, overloaded_ = 0, most_under_way_ = 0;
  double sum_ = 0, squares_ = 0;
};

}  // namespace braid::scrape
