#pragma once

#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <braid/runtime/awaitable.hpp>
#include <exception>
#include <utility>

namespace braid::detail {

/// A coroutine at the bottom of a thread of execution of its own. It must catch everything.
using root_awaitable = awaitable<asio::detail::awaitable_thread_entry_point>;

/// Runs `root` on `executor`, beginning now, on the caller's stack, up to its first suspension. `slot` cancels it. The
/// caller is on the executor's thread.
///
/// The same as asio::co_spawn without its hops through the executor (a dispatch before, a post after), which make up
/// most of its cost. That takes two names from asio::detail, unchanged from Boost 1.77 on.
inline void launch(const asio::any_io_executor& executor, asio::cancellation_slot slot, root_awaitable root) {
  asio::cancellation_state state(slot);
  asio::detail::awaitable_handler<asio::any_io_executor, void>(std::move(root), executor, slot, state).launch();
}

/// Body of the simplest thread of execution: run body(), tell done(exception_ptr).
template <class F, class Done>
root_awaitable run_and_tell(F body, Done done) {
  std::exception_ptr failure;
  try {
    co_await body();
  } catch (...) {
    failure = std::current_exception();
  }
  done(std::move(failure));
}

}  // namespace braid::detail
