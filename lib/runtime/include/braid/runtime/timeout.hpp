#pragma once

#include <braid/core/clock.hpp>
#include <braid/runtime/awaitable.hpp>
#include <braid/runtime/detail/scope.hpp>
#include <optional>
#include <string_view>

namespace braid {

/// Runs `operation`, and cancels it when it has not ended after `limit`. Costs no Asio timer.
///
/// `phase` names the limit in the error; it is text that stays, such as a literal.
///
/// Throws: timeout_error, after the operation has ended; the operation's own failure at once. An operation that
/// succeeds although its time is over has succeeded. Cancellation: is passed to the operation.
template <class T>
awaitable<T> with_timeout(duration limit, awaitable<T> operation, std::string_view phase = "time limit") {
  detail::scope scope(co_await asio::this_coro::executor);
  detail::scope_result<T> result;
  const bool throwing = co_await asio::this_coro::throw_if_cancelled();
  co_await asio::this_coro::throw_if_cancelled(false);
  scope.start(result.run(std::move(operation)));
  if (!scope.ended()) {
    scope.set_limit(limit);
    co_await scope.join();
  }
  co_await asio::this_coro::throw_if_cancelled(throwing);
  scope.rethrow(limit, phase);
  co_return result.take();
}

}  // namespace braid
