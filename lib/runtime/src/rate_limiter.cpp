#include <algorithm>
#include <boost/asio/this_coro.hpp>
#include <braid/core/error.hpp>
#include <braid/runtime/rate_limiter.hpp>
#include <braid/runtime/sleep.hpp>
#include <braid/runtime/timer_queue.hpp>
#include <cmath>

namespace braid {

namespace {

duration seconds(double count) {
  const auto whole = std::chrono::duration<double>(count);
  // Above this a double no longer fits into the clock; a thousand days between two requests is never.
  constexpr auto most = std::chrono::duration<double>(std::chrono::hours(24'000));
  return std::chrono::ceil<duration>(std::min(whole, most));
}

}  // namespace

token_bucket::token_bucket(double rate, double burst) : rate_(rate), burst_(burst) {
  if (!(rate > 0) || !(burst >= 1) || !std::isfinite(rate) || !std::isfinite(burst)) {
    throw invalid_argument("token_bucket: rate must be above 0 and burst at least 1");
  }
  token_ = std::max(seconds(1 / rate), duration(1));
  full_ = seconds(burst / rate);
}

duration token_bucket::wait(time_point now) const {
  // A token is there once `token_` has passed since the bucket was empty.
  if (empty_at_ <= now - token_) return duration::zero();
  return empty_at_ + token_ - now;
}

bool token_bucket::take(time_point now) {
  if (wait(now) > duration::zero()) return false;
  empty_at_ = std::max(empty_at_, now - full_) + token_;
  return true;
}

void token_bucket::pause_until(time_point when) { empty_at_ = std::max(empty_at_, when - token_); }

awaitable<void> rate_limiter::acquire() {
  const auto executor = co_await asio::this_coro::executor;
  auto& timers = timer_queue::of(executor);
  auto turn = co_await first_in_line_.acquire();
  // More than once if pause_until() was called in the meantime.
  while (!bucket_.take(timers.now())) co_await sleep_for(bucket_.wait(timers.now()));
}

}  // namespace braid
