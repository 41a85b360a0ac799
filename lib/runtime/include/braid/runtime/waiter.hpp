#pragma once

#include <atomic>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/error.hpp>
#include <braid/runtime/awaitable.hpp>
#include <braid/runtime/resume_queue.hpp>
#include <cstddef>
#include <cstdint>
#include <new>
#include <type_traits>
#include <utility>

namespace braid {

/// Suspends one coroutine until somebody calls wake(): the primitive under every other wait in braid.
///
///     waiter w;                 // usually in the frame of the coroutine that waits
///     co_await w.wait();        // elsewhere: w.wake()
///
/// A wake before the wait is kept: the next wait ends at once. One coroutine waits at a time. The coroutine is resumed
/// by its context, never from inside wake().
///
/// Cancellation: wait() throws operation_aborted, wait_quietly() returns false. Exactly one of wake and cancellation
/// ends a wait: once wake() has returned true, a later cancellation does not change the outcome. Threads: use on the
/// thread of the context; wake_from_other_thread() alone may be called elsewhere. Lifetime: destroying a waiter whose
/// context has been destroyed, or that nobody waits in, is always safe.
class waiter : private detail::list_link, private detail::letter {
 public:
  using cancel_hook = void (*)(void* self, asio::cancellation_type_t type);

  waiter() noexcept = default;
  waiter(const waiter&) = delete;
  waiter& operator=(const waiter&) = delete;
  ~waiter() {
    if (operations_) abandon();
  }

  /// `co_await w.wait()`: returns when woken, throws operation_aborted when cancelled.
  auto wait() noexcept { return operation<void(boost::system::error_code)>(this, nullptr, nullptr); }
  /// `co_await w.wait_quietly()`: true when woken, false when cancelled.
  auto wait_quietly() noexcept { return operation<void(bool)>(this, nullptr, nullptr); }
  /// `co_await w.wait_and_tell(hook, self)`: returns when woken and then only. A cancellation calls hook(self, type),
  /// which passes it on to whatever will wake this waiter.
  auto wait_and_tell(cancel_hook hook, void* self) noexcept { return operation<void(bool)>(this, hook, self); }

  /// True if this call ends the wait (or the next one); false if it had been woken or cancelled before.
  bool wake();

  /// As wake(), from any thread; refused from a cancellation on until the next wait begins. The caller makes sure that
  /// the waiter lives until this returns, for instance by a mutex that the waiting side takes before it leaves.
  bool wake_from_other_thread();
  /// Says that the wake comes from outside the context: a test in virtual time then waits for it in real time.
  void expect_other_thread() noexcept { external_ = true; }

  bool waiting() const noexcept { return state_.load(std::memory_order_relaxed) == state::waiting; }

 private:
  friend class resume_queue;
  template <class T, class Link>
  friend class detail::list;

  enum class state : std::uint8_t { idle, woken_early, waiting, woken, cancelled, left };

  struct operations {
    void (*complete)(waiter&, bool woken);
    void (*destroy)(waiter&);
  };

  struct on_cancel {
    waiter* self;
    void operator()(asio::cancellation_type_t type) const {
      if (type != asio::cancellation_type::none) self->cancel(type);
    }
  };

  /// An Asio operation: awaits without a coroutine frame of its own, and takes any other completion token as well.
  template <class Signature>
  class operation {
   public:
    operation(waiter* self, cancel_hook hook, void* argument) noexcept
        : self_(self), hook_(hook), argument_(argument) {}

    // Asio tries every awaited object with a pointer to the coroutine's frame; that is no completion token.
    template <class Token>
    requires(!std::is_pointer_v<std::remove_cvref_t<Token>>) auto operator()(Token&& token) const {
      return asio::async_initiate<Token, Signature>(
          [](auto handler, waiter* self, cancel_hook hook, void* argument) {
            self->hook_ = hook;
            self->argument_ = argument;
            self->start<Signature>(std::move(handler));
          },
          token, self_, hook_, argument_);
    }

   private:
    waiter* self_;
    cancel_hook hook_;
    void* argument_;
  };

  template <class Handler>
  static constexpr bool fits = sizeof(Handler) <= 48 && alignof(Handler) <= alignof(std::max_align_t);

  template <class Handler>
  Handler& stored() noexcept {
    if constexpr (fits<Handler>) {
      return *std::launder(reinterpret_cast<Handler*>(storage_));
    } else {
      return **std::launder(reinterpret_cast<Handler**>(storage_));
    }
  }

  template <class Handler>
  Handler take() {
    Handler& old = stored<Handler>();
    Handler handler(std::move(old));
    if constexpr (fits<Handler>) {
      old.~Handler();
    } else {
      delete &old;
    }
    operations_ = nullptr;
    return handler;
  }

  template <class Signature, class Handler>
  void start(Handler&& handler);
  template <class Signature, class Handler>
  static void complete(waiter& self, bool woken);
  template <class Handler>
  static void destroy(waiter& self);

  void attach(const asio::any_io_executor& executor);
  void begin();
  void cancel(asio::cancellation_type_t type);
  void abandon();
  void resume();

  const operations* operations_ = nullptr;
  resume_queue* queue_ = nullptr;
  cancel_hook hook_ = nullptr;
  void* argument_ = nullptr;
  std::atomic<state> state_ = state::idle;
  bool external_ = false;
  bool direct_ = false;  // the handler's executor is the context itself, not a strand or another wrapper
  alignas(std::max_align_t) unsigned char storage_[48];
};

template <class Signature, class Handler>
void waiter::start(Handler&& handler) {
  using stored_type = std::decay_t<Handler>;
  static constexpr operations table{&complete<Signature, stored_type>, &destroy<stored_type>};
  attach(asio::get_associated_executor(handler));
  auto slot = asio::get_associated_cancellation_slot(handler);
  if (slot.is_connected()) slot.template emplace<on_cancel>(on_cancel{this});
  if constexpr (fits<stored_type>) {
    ::new (static_cast<void*>(storage_)) stored_type(std::move(handler));
  } else {
    ::new (static_cast<void*>(storage_)) stored_type*(new stored_type(std::move(handler)));
  }
  operations_ = &table;
  begin();
}

template <class Signature, class Handler>
void waiter::complete(waiter& self, bool woken) {
  const bool direct = self.direct_;
  auto handler = self.take<Handler>();  // from here on self may be gone
  auto slot = asio::get_associated_cancellation_slot(handler);
  if (slot.is_connected()) slot.clear();
  const auto call = [woken](Handler& target) {
    if constexpr (std::is_same_v<Signature, void(bool)>) {
      std::move(target)(woken);
    } else {
      std::move(target)(woken ? boost::system::error_code()
                              : asio::error::make_error_code(asio::error::operation_aborted));
    }
  };
  if (direct) {
    call(handler);
  } else {
    asio::any_io_executor executor = asio::get_associated_executor(handler);
    executor.execute([handler = std::move(handler), call]() mutable { call(handler); });
  }
}

template <class Handler>
void waiter::destroy(waiter& self) {
  auto handler = self.take<Handler>();
  auto slot = asio::get_associated_cancellation_slot(handler);
  if (slot.is_connected()) slot.clear();
}

}  // namespace braid
