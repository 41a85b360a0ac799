#pragma once

#include <braid/core/clock.hpp>
#include <braid/runtime/awaitable.hpp>
#include <braid/runtime/semaphore.hpp>

namespace braid {

/// The decision of a rate limit, as a plain function of its state and the time: a bucket that fills at `rate` tokens a
/// second up to `burst`, and from which every action takes one.
class token_bucket {
 public:
  /// Begins full. Throws invalid_argument unless rate > 0 and burst >= 1.
  token_bucket(double rate, double burst);

  /// How long until a token is there; zero when it is.
  duration wait(time_point now) const;
  /// Takes a token; false, and nothing taken, when there is none yet.
  bool take(time_point now);
  /// No tokens before `when` (a Retry-After); the bucket is empty then but for the one.
  void pause_until(time_point when);
  /// Nobody has taken from it for so long that it could not be fuller.
  bool is_full(time_point now) const { return empty_at_ <= now - full_; }

  double rate() const noexcept { return rate_; }
  double burst() const noexcept { return burst_; }

 private:
  double rate_;
  double burst_;
  // When the bucket would have been empty had it filled without a bound: all there is to know. The earliest time at
  // first, so that it is full.
  time_point empty_at_ = time_point::min();
  duration token_;
  duration full_;  // the time to fill it
};

/// Lets coroutines of one context through at a bounded rate, in the order they came.
///
///     rate_limiter limit(10, 3);   // ten a second, three at once after a pause
///     co_await limit.acquire();
///
/// Cancellation: a cancelled acquire() has taken no token, and those behind it move up.
/// Threads: use on one context.
/// Lifetime: outlives those who wait.
class rate_limiter {
 public:
  rate_limiter(double rate, double burst) : bucket_(rate, burst) {}

  awaitable<void> acquire();
  /// Nobody goes through before `when`, those who wait already included.
  void pause_until(time_point when) { bucket_.pause_until(when); }
  const token_bucket& bucket() const noexcept { return bucket_; }

 private:
  token_bucket bucket_;
  semaphore first_in_line_{1};
};

}  // namespace braid
