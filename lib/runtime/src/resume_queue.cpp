#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <braid/runtime/resume_queue.hpp>
#include <braid/runtime/waiter.hpp>
#include <mutex>
#include <utility>

namespace braid {

/// What other threads have woken, in order.
struct resume_queue::inbox {
  explicit inbox(asio::io_context& context) : io(context) {}
  asio::io_context& io;
  std::mutex mutex;
  waiter* first = nullptr;
  waiter** end = &first;
};

resume_queue::resume_queue(asio::execution_context& context)
    : service(context), inbox_(std::make_unique<inbox>(static_cast<asio::io_context&>(context))) {}

resume_queue::~resume_queue() { ++detail::dead_services; }

void resume_queue::shutdown() {
  // Dropping a handler only posts the destruction of its frames, which the scheduler carries out after us.
  while (waiter* node = waiting_.front()) node->abandon();
  while (waiter* node = ready_.front()) node->abandon();
}

void resume_queue::push(waiter& node) {
  ready_.push_back(node);
  if (posted_) return;
  posted_ = true;
  asio::post(inbox_->io, [this] { resume_all(); });
}

void resume_queue::push_from_other_thread(waiter& node) {
  {
    const std::lock_guard lock(inbox_->mutex);
    const bool first = inbox_->first == nullptr;
    node.next_in_inbox_ = nullptr;
    *inbox_->end = &node;
    inbox_->end = &node.next_in_inbox_;
    if (!first) return;
  }
  asio::post(inbox_->io, [this] {
    waiter* next = nullptr;
    {
      const std::lock_guard lock(inbox_->mutex);
      next = std::exchange(inbox_->first, nullptr);
      inbox_->end = &inbox_->first;
    }
    while (next) push(*std::exchange(next, next->next_in_inbox_));
    resume_all();
  });
}

void resume_queue::resume_all() {
  posted_ = false;
  detail::list<waiter> batch;
  batch.splice_back(ready_);
  // A handler that throws (never a braid coroutine) leaves the rest of the batch for the next turn.
  struct put_back {
    resume_queue* queue;
    detail::list<waiter>* batch;
    ~put_back() {
      while (waiter* node = batch->pop_front()) queue->push(*node);
    }
  } rest{this, &batch};
  while (waiter* node = batch.pop_front()) node->resume();
}

}  // namespace braid
