#include <boost/asio/this_coro.hpp>
#include <braid/runtime/sleep.hpp>
#include <braid/runtime/timer_queue.hpp>
#include <braid/runtime/waiter.hpp>

namespace braid {

namespace {

struct alarm : timer {
  waiter sleeper;
};

}  // namespace

awaitable<void> sleep_until(time_point when) {
  const auto executor = co_await asio::this_coro::executor;
  alarm self;
  self.arm(timer_queue::of(executor), when, [](timer& due) { static_cast<alarm&>(due).sleeper.wake(); });
  co_await self.sleeper.wait();
}

awaitable<void> sleep_for(duration time) {
  const auto executor = co_await asio::this_coro::executor;
  const auto start = timer_queue::of(executor).now();
  // A span too long for the clock means for ever.
  time_point when = time_point::max();
  if (time < when - start) when = start + time;
  co_await sleep_until(when);
}

awaitable<time_point> now() {
  const auto executor = co_await asio::this_coro::executor;
  co_return timer_queue::of(executor).now();
}

awaitable<void> yield() {
  waiter turn;
  turn.wake();
  co_await turn.wait();
}

}  // namespace braid
