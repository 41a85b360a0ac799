#pragma once

#include <braid/runtime/awaitable.hpp>
#include <braid/runtime/waiter.hpp>
#include <cstddef>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <type_traits>
#include <utility>

namespace braid {

namespace detail {

/// A call on its way through a blocking_pool, and the coroutine that waits for it.
class blocking_job {
 public:
  virtual ~blocking_job() = default;
  /// On a thread of the pool: makes the call unless nobody waits any more, then wakes who does.
  void run() noexcept;
  /// Waits for run(). However the coroutine goes, the job then knows it no more.
  awaitable<void> wait();
  /// Whoever waited has left.
  bool abandoned() noexcept;

 protected:
  virtual void call() = 0;

 private:
  std::mutex mutex_;
  waiter* caller_ = nullptr;
  bool done_ = false;
  bool abandoned_ = false;
};

template <class F, class R>
class blocking_call final : public blocking_job {
 public:
  explicit blocking_call(F function) : function_(std::move(function)) {}
  R take() {
    // Taken out, so that the exception dies on this thread whoever is the last to leave the call.
    if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
    if constexpr (!std::is_void_v<R>) return std::move(*value_);
  }

 private:
  void call() override {
    try {
      if constexpr (std::is_void_v<R>) {
        (*function_)();
      } else {
        value_.emplace((*function_)());
      }
    } catch (...) {
      failure_ = std::current_exception();
    }
    function_.reset();  // what it holds dies here, not on the caller's context
  }

  std::optional<F> function_;
  std::conditional_t<std::is_void_v<R>, char, std::optional<R>> value_{};
  std::exception_ptr failure_;
};

}  // namespace detail

/// Threads for calls that block: name look-ups, files, SQLite. Threads begin when there is work and stay.
///
/// Threads: every member may be called from every thread.
/// Limits: at most `threads` calls at once, at most `waiting` more in line.
class blocking_pool {
 public:
  static constexpr unsigned default_threads = 16;
  static constexpr std::size_t default_waiting = 4096;

  explicit blocking_pool(unsigned threads = default_threads, std::size_t waiting = default_waiting);
  blocking_pool(const blocking_pool&) = delete;
  blocking_pool& operator=(const blocking_pool&) = delete;
  /// Waits for the calls that run, and drops those in line that nobody waits for.
  ~blocking_pool();

  /// The pool of the process, of default size.
  static blocking_pool& standard();

  /// Throws limit_error when the line is full.
  void submit(std::shared_ptr<detail::blocking_job> job);

 private:
  struct state;
  std::unique_ptr<state> state_;
};

/// Calls function() on a thread of the pool and comes back to the caller's context with its value or its exception.
///
///     auto reading = offload([path] { return read_rows(path); });   // named first: g++ 12 destroys captures twice
///     auto rows = co_await std::move(reading);                      // when they stand in one statement with co_await
///
/// Lifetime: after a cancellation the call goes on by itself, so `function` must own what it uses: capture by value.
/// Cancellation: throws operation_aborted at once; a call that has begun goes on and its result is dropped, one still
/// in line is not made. Throws: what function() throws; limit_error when too many calls are already in line.
template <class F>
awaitable<std::invoke_result_t<F&>> offload(blocking_pool& pool, F function) {
  using R = std::invoke_result_t<F&>;
  auto call = std::make_shared<detail::blocking_call<F, R>>(std::move(function));
  pool.submit(call);
  co_await call->wait();
  co_return call->take();
}

template <class F>
awaitable<std::invoke_result_t<F&>> offload(F function) {
  return offload(blocking_pool::standard(), std::move(function));
}

}  // namespace braid
