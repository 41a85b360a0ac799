#pragma once

#include <braid/runtime/awaitable.hpp>
#include <functional>
#include <memory>

namespace braid {

/// Ctrl-C as a program should take it: the first SIGINT or SIGTERM asks it to finish what is in flight and save, the
/// second cancels. After that the signals have their default effect again, so that a third one ends a program that
/// hangs.
///
///     interrupt stop(executor);
///     co_await stop.cancels(run_everything(stop));        // ... in there: if (stop.requested()) break;
///
/// Threads: requested() and cancelled() anywhere; the rest on the context of `executor`, where callbacks are called
/// too. Lifetime: outlives those who wait. While it lives, the process-wide handlers are installed. It does not keep
/// its context's run() from returning.
class interrupt {
 public:
  explicit interrupt(const asio::any_io_executor& executor);
  interrupt(const interrupt&) = delete;
  interrupt& operator=(const interrupt&) = delete;
  ~interrupt();

  /// After the first signal.
  bool requested() const noexcept;
  /// After the second.
  bool cancelled() const noexcept;

  /// Called at the first signal (at once if it has been), and at the second.
  void on_request(std::function<void()> callback);
  void on_cancel(std::function<void()> callback);

  /// Waits for the first signal.
  ///
  /// Cancellation: throws operation_aborted.
  awaitable<void> wait();

  /// Runs `operation`, and cancels it at the second signal. Throws what it throws: operation_aborted in that case.
  awaitable<void> cancels(awaitable<void> operation);

  /// Does what a signal does: for tests, and for programs with another way to be stopped.
  void notify();

 private:
  struct state;
  std::shared_ptr<state> state_;
};

}  // namespace braid
