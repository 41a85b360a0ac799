#include "connect_race.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>
#include <braid/runtime/task_group.hpp>
#include <braid/runtime/timer_queue.hpp>
#include <braid/runtime/waiter.hpp>

#include "happy_eyeballs.hpp"

namespace braid::net {

namespace asio = boost::asio;

namespace {

/// What the attempts and the one that begins them share. The timer says that the next attempt is due.
struct contest : timer {
  contest(std::size_t attempts, duration delay, const attempt_function& how,
          std::vector<boost::system::error_code>& why)
      : plan(attempts, delay), attempt(how), errors(why) {}

  attempt_plan plan;
  const attempt_function& attempt;
  std::vector<boost::system::error_code>& errors;
  std::unique_ptr<transport> winner;
  waiter changed;

  asio::awaitable<void> enter(std::size_t which) {
    std::unique_ptr<transport> stream = co_await attempt(which, errors[which]);
    if (winner || errors[which] == asio::error::operation_aborted) co_return;
    if (stream) {
      winner = std::move(stream);
    } else {
      plan.failed();
    }
    changed.wake();
  }

  asio::awaitable<void> hold(task_group& group, timer_queue& clock) {
    while (!winner) {
      const attempt_plan::answer what = plan.next(clock.now());
      if (what.what == attempt_plan::step::lost) break;
      if (what.what == attempt_plan::step::begin) {
        group.spawn(enter(what.which));
        continue;
      }
      const auto due = [](timer& self) { static_cast<contest&>(self).changed.wake(); };
      if (what.until != time_point::max()) arm(clock, what.until, due);
      co_await changed.wait();
      disarm();
    }
    group.cancel();
  }
};

}  // namespace

asio::awaitable<std::unique_ptr<transport>> race(std::size_t attempts, duration delay, const attempt_function& attempt,
                                                 std::vector<boost::system::error_code>& errors) {
  errors.assign(attempts, {});
  if (attempts == 1) {
    std::unique_ptr<transport> stream = co_await attempt(0, errors[0]);
    if (errors[0] == asio::error::operation_aborted) throw boost::system::system_error(errors[0]);
    co_return stream;
  }
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  timer_queue& clock = timer_queue::of(executor);
  contest between(attempts, delay, attempt, errors);
  co_await with_task_group([&](task_group& group) { return between.hold(group, clock); });
  co_return std::move(between.winner);
}

}  // namespace braid::net
