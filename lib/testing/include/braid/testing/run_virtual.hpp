#pragma once

#include <braid/runtime/awaitable.hpp>
#include <braid/runtime/detail/launch.hpp>
#include <chrono>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <type_traits>
#include <utility>

namespace boost::asio {
class io_context;
}

namespace braid::testing {

/// The coroutine under test waits for something that can no longer happen: nothing is ready and no timer is armed.
class deadlock : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

/// An io_context whose clock jumps from one deadline to the next as soon as there is nothing else to do, so that hours
/// of waiting take no time and come out the same in every run.
///
/// Threads: work handed to another thread by offload() is waited for in real time before the clock moves.
class virtual_runner {
 public:
  virtual_runner();
  virtual_runner(const virtual_runner&) = delete;
  virtual_runner& operator=(const virtual_runner&) = delete;
  ~virtual_runner();

  asio::io_context& io() noexcept { return *io_; }
  asio::any_io_executor executor() noexcept;

  /// How long an idle context waits in real time for sockets before its clock moves. For tests with real sockets; 0,
  /// the default, is for those without, and keeps them deterministic.
  void set_grace(std::chrono::milliseconds real_time) noexcept { grace_ = real_time; }

  /// Runs the coroutine main() to its end and returns its value or rethrows its exception. Throws deadlock if it cannot
  /// end; it stays suspended then, until the runner is destroyed.
  template <class F>
  auto run(F main) {
    using T = typename std::invoke_result_t<F&>::value_type;
    auto shared = std::make_shared<F>(std::move(main));  // a deadlocked coroutine outlives this call
    auto state = std::make_shared<outcome<T>>();
    const auto done = [state](std::exception_ptr failure) {
      state->failure = std::move(failure);
      state->ended = true;
    };
    if constexpr (std::is_void_v<T>) {
      drive([&] { start(detail::run_and_tell([shared] { return (*shared)(); }, done)); }, state->ended);
      if (state->failure) std::rethrow_exception(state->failure);
    } else {
      auto* value = &state->value;
      const auto body = [shared, value]() -> awaitable<void> { value->emplace(co_await (*shared)()); };
      drive([&] { start(detail::run_and_tell(body, done)); }, state->ended);
      if (state->failure) std::rethrow_exception(state->failure);
      return T(std::move(*state->value));
    }
  }

 private:
  struct nothing {};
  template <class T>
  struct outcome {
    bool ended = false;
    std::exception_ptr failure;
    std::optional<std::conditional_t<std::is_void_v<T>, nothing, T>> value;
  };

  void start(detail::root_awaitable root);
  void drive(const std::function<void()>& begin, const bool& ended);

  std::unique_ptr<asio::io_context> io_;
  std::chrono::milliseconds grace_{0};
};

/// Runs the coroutine main() in virtual time on a context of its own.
///
///     TEST_CASE("a sleep of an hour takes no time") {
///       braid::testing::run_virtual([]() -> braid::awaitable<void> {
///         co_await braid::sleep_for(std::chrono::hours(1));
///       });
///     }
template <class F>
auto run_virtual(F main) {
  virtual_runner runner;
  return runner.run(std::move(main));
}

}  // namespace braid::testing
