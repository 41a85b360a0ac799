#pragma once

#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <braid/runtime/awaitable.hpp>
#include <braid/runtime/context.hpp>
#include <braid/runtime/detail/join.hpp>
#include <braid/runtime/detail/launch.hpp>
#include <braid/runtime/waiter.hpp>
#include <exception>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

namespace braid {

namespace detail {

/// What a coroutine on one context and its child on another have in common. The child's side touches it on the child's
/// context only, until the wake that ends the wait.
struct errand {
  asio::any_io_executor there;    // as long as it lives, the other context counts as busy
  resume_queue* queue = nullptr;  // of the other context; none if `there` is a strand or another wrapper
  asio::cancellation_signal signal;
  std::exception_ptr failure;
  bool ended = false;
  waiter back;

  explicit errand(asio::any_io_executor executor);
  /// The executor for the coroutine itself: one that counts work is no longer recognized as the context's own, and
  /// every resume would take the long way.
  asio::any_io_executor plain_executor() const;
  /// Runs `begin` on the other context.
  template <class Begin>
  void post(Begin begin) {
    if (queue) return queue->post_from_other_thread(std::move(begin));
    asio::post(there, std::move(begin));
  }
  static void post_cancel(const std::shared_ptr<errand>& self, asio::cancellation_type_t type);
  void finish(std::exception_ptr error);
};

template <class F, class Value>
root_awaitable run_errand(std::shared_ptr<errand> self, std::shared_ptr<F> function, Value* value) {
  std::exception_ptr failure;
  try {
    if constexpr (std::is_void_v<Value>) {
      co_await (*function)();
    } else {
      value->emplace(co_await (*function)());
    }
  } catch (...) {
    failure = std::current_exception();
  }
  function.reset();  // on this thread, and before the parent may go on
  self->finish(std::move(failure));
}

}  // namespace detail

/// Runs the coroutine function() on another context (or any io_context run by one thread), and comes back with its
/// value or its exception. `function` is called there, and destroyed there before this returns.
///
/// Lifetime: returns only when function() has ended, so it may refer to what the caller keeps alive, and must respect
/// that it runs on another thread.
/// Cancellation: is posted to the other context; throws what function() then throws.
template <class F>
auto run_on(asio::any_io_executor where, F function) -> std::invoke_result_t<F&> {
  using T = typename std::invoke_result_t<F&>::value_type;
  using value_type = std::conditional_t<std::is_void_v<T>, void, std::optional<T>>;
  std::conditional_t<std::is_void_v<T>, char, std::optional<T>> value{};
  value_type* place = nullptr;
  if constexpr (!std::is_void_v<T>) place = &value;

  auto errand = std::make_shared<detail::errand>(std::move(where));
  {
    // Dropped here before the child can end: the last owner is on the other context.
    auto kept = std::make_shared<F>(std::move(function));
    auto begin = [errand, kept, place]() mutable {
      detail::launch(errand->plain_executor(), errand->signal.slot(),
                     detail::run_errand(errand, std::move(kept), place));
    };
    kept.reset();
    errand->post(std::move(begin));
  }
  const bool throwing = co_await asio::this_coro::throw_if_cancelled();
  co_await asio::this_coro::throw_if_cancelled(false);
  co_await detail::join(
      errand->back,
      [](void* self, asio::cancellation_type_t type) {
        detail::errand::post_cancel(*static_cast<std::shared_ptr<detail::errand>*>(self), type);
      },
      &errand);
  co_await asio::this_coro::throw_if_cancelled(throwing);
  // Taken out, so that the exception dies on this thread whoever is the last to leave the errand.
  if (errand->failure) std::rethrow_exception(std::exchange(errand->failure, nullptr));
  if constexpr (!std::is_void_v<T>) co_return std::move(*value);
}

/// As above, on a context of the runtime.
template <class F>
auto run_on(context& where, F function) -> std::invoke_result_t<F&> {
  return run_on(where.executor(), std::move(function));
}

}  // namespace braid
