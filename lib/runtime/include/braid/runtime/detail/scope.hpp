#pragma once

#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/this_coro.hpp>
#include <braid/core/clock.hpp>
#include <braid/runtime/awaitable.hpp>
#include <braid/runtime/detail/launch.hpp>
#include <braid/runtime/timer_queue.hpp>
#include <braid/runtime/waiter.hpp>
#include <exception>
#include <optional>
#include <string_view>
#include <utility>

namespace braid::detail {

/// One child coroutine that can be cancelled apart from its parent, with an optional limit of time: what with_timeout()
/// and shielded() have in common. Lives in the parent's frame; the parent awaits join() before it leaves.
class scope : private timer {
 public:
  explicit scope(const asio::any_io_executor& executor) : executor_(executor) {}

  /// Begins the child on the caller's stack.
  void start(awaitable<void> child);
  void set_limit(duration limit);
  bool ended() const noexcept { return ended_; }
  /// Waits for the child; a cancellation of the parent is passed on to it. Await with throw_if_cancelled(false).
  awaitable<void> join();
  /// Throws what ended the child, or timeout_error if that was the limit.
  void rethrow(duration limit, std::string_view phase) const;

 private:
  root_awaitable run(awaitable<void> child);

  asio::any_io_executor executor_;
  asio::cancellation_signal signal_;
  waiter done_;
  std::exception_ptr failure_;
  bool ended_ = false;
  bool timed_out_ = false;
};

/// Where a child leaves its value.
template <class T>
class scope_result {
 public:
  awaitable<void> run(awaitable<T> operation) { value_.emplace(co_await std::move(operation)); }
  T take() { return std::move(*value_); }

 private:
  std::optional<T> value_;
};

template <>
class scope_result<void> {
 public:
  awaitable<void> run(awaitable<void> operation) { return operation; }
  void take() {}
};

}  // namespace braid::detail
