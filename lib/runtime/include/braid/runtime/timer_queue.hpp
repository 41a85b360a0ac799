#pragma once

#include <braid/core/clock.hpp>
#include <braid/runtime/detail/context_service.hpp>
#include <braid/runtime/detail/list.hpp>
#include <cstdint>
#include <memory>
#include <optional>

namespace braid {

class timer_queue;

/// A deadline with a function to call. Costs neither memory nor a system call of its own: it is a node of its
/// timer_queue, wherever its owner keeps it.
///
/// Lifetime: the destructor disarms; the queue must outlive an armed timer (the frames of a context's coroutines do
/// not outlive it).
/// Threads: use on the thread that runs the context.
class timer : private detail::list_link {
 public:
  using callback = void (*)(timer&);

  timer() noexcept = default;
  timer(const timer&) = delete;
  timer& operator=(const timer&) = delete;
  ~timer() {
    if (queue_) disarm();
  }

  /// Has `fn(*this)` called once, from the context, when the time is there. An armed timer is moved to the new time.
  void arm(timer_queue& queue, time_point when, callback fn);
  void disarm() noexcept;
  bool armed() const noexcept { return queue_ != nullptr; }
  time_point when() const noexcept { return when_; }

 private:
  friend class timer_queue;
  friend class detail::list<timer>;
  timer_queue* queue_ = nullptr;
  timer* child_ = nullptr;     // first child in the pairing heap
  timer* sibling_ = nullptr;   // next child of the same parent
  timer* previous_ = nullptr;  // previous sibling, or the parent for a first child
  time_point when_{};
  std::uint64_t order_ = 0;
  callback fn_ = nullptr;
};

/// The clock of an io_context: every wait in braid goes through it, so that one switch puts all of them into virtual
/// time.
///
/// One Asio timer serves all deadlines. It is set again only when a deadline earlier than all others appears, and
/// never on disarming: it then goes off for nothing and is set to the next one. It does not keep the context's run()
/// from returning; the coroutine that waits does.
///
/// Threads: use on the thread that runs the context. The context must be an asio::io_context run by one thread at a
/// time.
class timer_queue : public asio::execution_context::service {
 public:
  using key_type = timer_queue;

  static timer_queue& of(asio::execution_context& context) { return detail::service_of<timer_queue>(context); }
  template <class Executor>
  requires(!std::is_convertible_v<Executor&, asio::execution_context&>) static timer_queue& of(
      const Executor& executor) {
    return of(detail::context_of(executor));
  }

  /// The time that deadlines are measured against: clock::now(), or the virtual time.
  time_point now() const noexcept { return virtual_ ? virtual_now_ : clock::now(); }

  /// From here on time stands still until advance_to(). Before the first timer is armed only.
  void use_virtual_time();
  bool is_virtual() const noexcept { return virtual_; }
  /// The earliest deadline.
  std::optional<time_point> next() const noexcept;
  /// Virtual time only: sets the clock and calls what is due, in the order of time, then of arming.
  void advance_to(time_point now);

  explicit timer_queue(asio::execution_context& context);
  ~timer_queue() override;

 private:
  friend class timer;
  struct alarm;

  void shutdown() override;
  static bool before(const timer& a, const timer& b) noexcept;
  static timer* merge(timer* a, timer* b) noexcept;
  static timer* merge_children(timer* first) noexcept;
  timer* earliest() const noexcept;
  void insert(timer& node) noexcept;
  void erase(timer& node) noexcept;
  void set_alarm(time_point when);
  void on_alarm();
  void fire(time_point now);

  detail::list<timer> row_;  // in their order: those that came nearly last when they were armed
  timer* root_ = nullptr;    // of the heap of the others
  std::uint64_t order_ = 0;
  bool virtual_ = false;
  bool firing_ = false;
  time_point virtual_now_{};
  time_point alarm_at_ = time_point::max();  // when the Asio timer goes off; max() when it is not set
  std::unique_ptr<alarm> alarm_;
};

}  // namespace braid
