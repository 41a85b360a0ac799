#pragma once

#include <atomic>
#include <braid/runtime/detail/context_service.hpp>
#include <braid/runtime/detail/list.hpp>
#include <cstddef>
#include <memory>
#include <utility>

namespace braid {

class waiter;
class resume_queue;

namespace detail {

/// What a thread sends to the context of another one. Delivered once, on the context's thread, by a null queue when the
/// context is being destroyed.
struct letter {
  letter* next = nullptr;
  void (*deliver)(letter& self, resume_queue* to) = nullptr;
};

}  // namespace detail

/// The coroutines of one io_context that wait in a waiter, and those that are to go on.
///
/// Whoever wakes a waiter only puts it here; the context resumes all of them in order from one posted handler. So a
/// wake costs a few instructions and never runs the woken coroutine on the stack of the waker. Wakes from other threads
/// come in batches, without a lock, and without a word to the kernel while the context has something to do anyway.
///
/// Lifetime: when the context is destroyed, coroutines that still wait are destroyed with it.
class resume_queue : public asio::execution_context::service {
 public:
  using key_type = resume_queue;

  static resume_queue& of(asio::execution_context& context) { return detail::service_of<resume_queue>(context); }

  /// Coroutines that wait and can be woken from another thread: while there are any, an idle context is not stuck.
  std::size_t awaiting_other_threads() const noexcept { return awaiting_other_threads_; }

  /// Runs f() on the context's thread, before the coroutines that are to go on; what one thread posts runs in order.
  /// Threads: any. f must not throw; it is destroyed on the context's thread, unrun if the context is destroyed first.
  template <class F>
  void post_from_other_thread(F f) {
    struct task : detail::letter {
      F run;
      explicit task(F&& f) : run(std::move(f)) {}
    };
    auto* const self = new task(std::move(f));
    self->deliver = [](detail::letter& letter, resume_queue* to) {
      const std::unique_ptr<task> here(static_cast<task*>(&letter));
      if (to) here->run();
    };
    send(*self);
  }

  explicit resume_queue(asio::execution_context& context);
  ~resume_queue() override;

 private:
  friend class waiter;

  void shutdown() override;
  void push(waiter& node);
  void push_from_other_thread(waiter& node);
  void send(detail::letter& letter);
  void deliver_letters(resume_queue* to);
  void post_turn();
  void take_turn();
  void end_turn();

  detail::list<waiter> waiting_;
  detail::list<waiter> ready_;
  std::size_t awaiting_other_threads_ = 0;
  bool posted_ = false;              // a turn will come
  std::atomic<bool> awake_ = false;  // so it will, or it runs: letters will be seen. Written by the context's thread.
  alignas(64) std::atomic<detail::letter*> inbox_ = nullptr;  // the newest first
};

}  // namespace braid
