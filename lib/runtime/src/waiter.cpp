#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/this_coro.hpp>
#include <braid/runtime/detail/join.hpp>
#include <braid/runtime/waiter.hpp>

namespace braid {

void waiter::attach(const asio::any_io_executor& executor) {
  queue_ = &resume_queue::of(detail::context_of(executor));
  direct_ = executor.target<asio::io_context::executor_type>() != nullptr;
}

void waiter::begin() {
  if (external_) ++queue_->awaiting_other_threads_;
  queue_->waiting_.push_back(*this);
  if (state_.load(std::memory_order_relaxed) == state::left) state_.store(state::idle, std::memory_order_relaxed);
  auto expected = state::idle;
  if (!state_.compare_exchange_strong(expected, state::waiting, std::memory_order_acq_rel)) {
    state_.store(state::woken, std::memory_order_relaxed);
    queue_->push(*this);
  }
}

bool waiter::wake() {
  switch (state_.load(std::memory_order_relaxed)) {
    case state::waiting:
      state_.store(state::woken, std::memory_order_relaxed);
      queue_->push(*this);
      return true;
    case state::idle:
    case state::left:
      state_.store(state::woken_early, std::memory_order_relaxed);
      return true;
    default:
      return false;
  }
}

bool waiter::wake_from_other_thread() {
  auto expected = state::idle;
  if (state_.compare_exchange_strong(expected, state::woken_early, std::memory_order_acq_rel)) return true;
  expected = state::waiting;
  if (!state_.compare_exchange_strong(expected, state::woken, std::memory_order_acq_rel)) return false;
  queue_->push_from_other_thread(*this);
  return true;
}

void waiter::cancel(asio::cancellation_type_t type) {
  if (hook_) return hook_(argument_, type);
  auto expected = state::waiting;
  if (state_.compare_exchange_strong(expected, state::cancelled, std::memory_order_acq_rel)) queue_->push(*this);
}

void waiter::resume() {
  if (external_) --queue_->awaiting_other_threads_;
  const bool woken = state_.load(std::memory_order_acquire) == state::woken;
  // A cancelled waiter may still stand in somebody's line, on another thread, until its coroutine has taken it out.
  state_.store(woken ? state::idle : state::left, std::memory_order_release);
  operations_->complete(*this, woken);
}

void waiter::abandon() {
  if (external_) --queue_->awaiting_other_threads_;
  unlink();
  operations_->destroy(*this);
}

namespace detail {

awaitable<void> join(waiter& done, waiter::cancel_hook hook, void* self) {
  const auto cancelled = (co_await asio::this_coro::cancellation_state).cancelled();
  if (cancelled != asio::cancellation_type::none) hook(self, cancelled);
  co_await done.wait_and_tell(hook, self);
}

}  // namespace detail

}  // namespace braid
