#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <braid/runtime/resume_queue.hpp>
#include <braid/runtime/waiter.hpp>
#include <utility>

namespace braid {

resume_queue::resume_queue(asio::execution_context& context) : service(context) {}

resume_queue::~resume_queue() { ++detail::dead_services; }

void resume_queue::shutdown() {
  deliver_letters(nullptr);
  // Dropping a handler only posts the destruction of its frames, which the scheduler carries out after us.
  while (waiter* node = waiting_.front()) node->abandon();
  while (waiter* node = ready_.front()) node->abandon();
}

void resume_queue::push(waiter& node) {
  ready_.push_back(node);
  if (posted_) return;
  posted_ = true;
  awake_.store(true, std::memory_order_relaxed);
  post_turn();
}

void resume_queue::post_turn() {
  asio::post(static_cast<asio::io_context&>(context()), [this] { take_turn(); });
}

void resume_queue::push_from_other_thread(waiter& node) {
  node.deliver = [](detail::letter& letter, resume_queue* to) {
    if (to) to->ready_.push_back(static_cast<waiter&>(letter));
  };
  send(node);
}

/// Either the sender sees the context awake, or the context, which looks into the box once more after it has said that
/// it is not, sees the letter: all of this is sequentially consistent. Once in the box, a letter may be gone at any
/// time.
void resume_queue::send(detail::letter& letter) {
  detail::letter* newest = inbox_.load(std::memory_order_relaxed);
  do {
    letter.next = newest;
  } while (!inbox_.compare_exchange_weak(newest, &letter, std::memory_order_seq_cst, std::memory_order_relaxed));
  if (newest != nullptr) return;  // whoever sent the first one has seen to it
  if (!awake_.load(std::memory_order_seq_cst)) post_turn();
}

void resume_queue::deliver_letters(resume_queue* to) {
  detail::letter* newest = inbox_.exchange(nullptr, std::memory_order_acquire);
  detail::letter* oldest = nullptr;
  while (newest != nullptr) {
    detail::letter* const next = std::exchange(newest->next, oldest);
    oldest = std::exchange(newest, next);
  }
  while (oldest != nullptr) {
    detail::letter& letter = *std::exchange(oldest, oldest->next);
    letter.deliver(letter, to);
  }
}

void resume_queue::take_turn() {
  posted_ = false;
  awake_.store(true, std::memory_order_relaxed);
  detail::list<waiter> batch;
  // A handler that throws (never a braid coroutine) leaves the rest of the batch for the next turn.
  struct finish {
    resume_queue* queue;
    detail::list<waiter>* batch;
    ~finish() {
      while (waiter* node = batch->pop_front()) queue->push(*node);
      queue->end_turn();
    }
  } at_end{this, &batch};
  if (inbox_.load(std::memory_order_relaxed) != nullptr) deliver_letters(this);
  batch.splice_back(ready_);
  while (waiter* node = batch.pop_front()) node->resume();
}

void resume_queue::end_turn() {
  if (posted_) return;
  awake_.store(false, std::memory_order_seq_cst);
  if (inbox_.load(std::memory_order_seq_cst) == nullptr) return;
  posted_ = true;
  awake_.store(true, std::memory_order_relaxed);
  post_turn();
}

}  // namespace braid
