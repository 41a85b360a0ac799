#pragma once

#include <braid/core/clock.hpp>
#include <braid/runtime/awaitable.hpp>
#include <exception>
#include <memory>
#include <utility>

namespace braid {

namespace detail {

/// Awaited without the check that makes every other co_await of a cancelled coroutine throw.
class shielded_operation {
 public:
  shielded_operation(awaitable<void> cleanup, duration limit, std::exception_ptr* failure);
  shielded_operation(shielded_operation&&) noexcept;
  ~shielded_operation();

  using frame = asio::detail::awaitable_frame_base<asio::any_io_executor>;
  using thread = asio::detail::awaitable_thread<asio::any_io_executor>;
  thread* operator()(frame* parent);

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace detail

/// Runs `cleanup` to its end although the coroutine has been or is being cancelled; only `limit` cancels it. For what
/// has to be said before leaving, such as a good-bye to a peer:
///
///     co_await shielded(connection.say_goodbye(), 2s);
///
/// Await it directly, in the function that was cancelled. A failure of the clean-up, or timeout_error, is dropped
/// unless `failure` is given: the reason for leaving is the one to report.
inline detail::shielded_operation shielded(awaitable<void> cleanup, duration limit,
                                           std::exception_ptr* failure = nullptr) {
  return detail::shielded_operation(std::move(cleanup), limit, failure);
}

}  // namespace braid
