#pragma once

#include <braid/runtime/context.hpp>
#include <braid/runtime/detail/launch.hpp>
#include <concepts>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

namespace braid {

/// For runtime_options::contexts: one context for each core that the process may use.
inline constexpr unsigned all_cores = 0;

struct runtime_options {
  unsigned contexts = 1;
  /// Keeps each context's thread on one core, taken in order from those the process may use.
  bool pin = false;
};

/// N contexts. One is concurrency, several are parallel concurrency; the program text is the same.
///
///     braid::runtime runtime;
///     int n = runtime.run([]() -> braid::awaitable<int> { co_return 42; });
///
/// Throws: invalid_argument for more than 1024 contexts.
class runtime {
 public:
  explicit runtime(runtime_options options = {});
  runtime(const runtime&) = delete;
  runtime& operator=(const runtime&) = delete;
  ~runtime();

  /// Runs the coroutine main() on context 0 in the calling thread, and the other contexts on threads of their own,
  /// until main has ended. Returns its value or rethrows its exception, or that of a handler which threw through its
  /// context. May be called again, not from inside.
  ///
  /// Lifetime: `main` is kept until it has ended, so it may capture. What else still runs then stays suspended, and is
  /// destroyed with the runtime.
  template <class F>
  auto run(F main) {
    using T = typename std::invoke_result_t<F&>::value_type;
    std::exception_ptr failure;
    const auto done = [this, &failure](std::exception_ptr error) {
      failure = std::move(error);
      stop();
    };
    if constexpr (std::is_void_v<T>) {
      run_until_stopped([&] { start(detail::run_and_tell([&main] { return main(); }, done)); });
      if (failure) std::rethrow_exception(failure);
    } else {
      std::optional<T> value;
      const auto body = [&main, &value]() -> awaitable<void> { value.emplace(co_await main()); };
      run_until_stopped([&] { start(detail::run_and_tell(body, done)); });
      if (failure) std::rethrow_exception(failure);
      return T(std::move(*value));
    }
  }

  unsigned size() const noexcept { return static_cast<unsigned>(contexts_.size()); }
  context& at(unsigned index) noexcept { return *contexts_[index]; }

  /// The runtime of the context behind an executor; null on a user's own io_context.
  static runtime* of(const asio::any_io_executor& executor);

 private:
  void run_until_stopped(const std::function<void()>& begin);
  void start(detail::root_awaitable root);
  void stop();

  std::vector<std::unique_ptr<context>> contexts_;
  std::vector<int> cores_;  // to pin to; empty without pinning
};

}  // namespace braid
