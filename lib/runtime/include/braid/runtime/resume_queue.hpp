#pragma once

#include <braid/runtime/detail/context_service.hpp>
#include <braid/runtime/detail/list.hpp>
#include <cstddef>
#include <memory>

namespace braid {

class waiter;

/// The coroutines of one io_context that wait in a waiter, and those that are to go on.
///
/// Whoever wakes a waiter only puts it here; the context resumes all of them in order from one posted handler. So a
/// wake costs a few instructions, never runs the woken coroutine on the stack of the waker, and wakes from other
/// threads come in batches.
///
/// Lifetime: when the context is destroyed, coroutines that still wait are destroyed with it.
class resume_queue : public asio::execution_context::service {
 public:
  using key_type = resume_queue;

  static resume_queue& of(asio::execution_context& context) { return detail::service_of<resume_queue>(context); }

  /// Coroutines that wait and can be woken from another thread: while there are any, an idle context is not stuck.
  std::size_t awaiting_other_threads() const noexcept { return awaiting_other_threads_; }

  explicit resume_queue(asio::execution_context& context);
  ~resume_queue() override;

 private:
  friend class waiter;
  struct inbox;

  void shutdown() override;
  void push(waiter& node);
  void push_from_other_thread(waiter& node);
  void resume_all();

  detail::list<waiter> waiting_;
  detail::list<waiter> ready_;
  std::size_t awaiting_other_threads_ = 0;
  bool posted_ = false;
  std::unique_ptr<inbox> inbox_;
};

}  // namespace braid
