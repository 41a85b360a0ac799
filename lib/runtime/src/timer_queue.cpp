#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <braid/core/error.hpp>
#include <braid/runtime/timer_queue.hpp>
#include <utility>

#include "uncounted_work.hpp"

namespace braid {

struct timer_queue::alarm {
  explicit alarm(asio::io_context& context) : io(context), timer(context) {}
  asio::io_context& io;
  asio::steady_timer timer;
};

void timer::arm(timer_queue& queue, time_point when, callback fn) {
  if (queue_) disarm();
  when_ = when;
  fn_ = fn;
  queue.insert(*this);
  if (when < queue.alarm_at_ && !queue.virtual_ && !queue.firing_) queue.set_alarm(when);
}

void timer::disarm() noexcept {
  if (queue_) queue_->erase(*this);
}

timer_queue::timer_queue(asio::execution_context& context)
    : service(context), alarm_(std::make_unique<alarm>(static_cast<asio::io_context&>(context))) {}

timer_queue::~timer_queue() { ++detail::dead_services; }

void timer_queue::shutdown() {
  // The frames that own armed timers are destroyed after this, when the scheduler drops their handlers.
  while (timer* const next = earliest()) erase(*next);
  alarm_.reset();
}

void timer_queue::use_virtual_time() {
  if (earliest()) throw invalid_argument("use_virtual_time: timers are already armed");
  virtual_ = true;
  // Far from zero, so that tests may subtract; the same in every run, so that they repeat.
  virtual_now_ = time_point{} + std::chrono::hours(24);
}

std::optional<time_point> timer_queue::next() const noexcept {
  const timer* const first = earliest();
  if (!first) return std::nullopt;
  return first->when_;
}

void timer_queue::advance_to(time_point now) {
  if (!virtual_) throw invalid_argument("advance_to: the context is not in virtual time");
  if (now > virtual_now_) virtual_now_ = now;
  while (next() && *next() <= virtual_now_) fire(virtual_now_);
}

void timer_queue::fire(time_point now) {
  // A callback that arms its timer for a time already past is served by the next round, so that it cannot keep the
  // context from its other work.
  const auto newest = order_;
  firing_ = true;
  for (timer* due = earliest(); due && due->when_ <= now && due->order_ <= newest; due = earliest()) {
    erase(*due);
    due->fn_(*due);
  }
  firing_ = false;
}

void timer_queue::set_alarm(time_point when) {
  alarm_at_ = when;
  alarm_->timer.expires_at(when);
  alarm_->timer.async_wait([this](const boost::system::error_code& failure) {
    detail::count_again(alarm_->io);
    if (!failure) on_alarm();
  });
  // One left over from a disarmed timer would keep run() from returning for minutes after the last piece of work.
  detail::do_not_count(alarm_->io);
}

void timer_queue::on_alarm() {
  const auto now = clock::now();
  // An alarm that had gone off before it could be moved to an earlier time: the later one follows.
  if (now < alarm_at_) return;
  fire(now);
  alarm_at_ = time_point::max();
  if (const auto next_one = next()) set_alarm(*next_one);
}

// Requests of equal limits arm in the order of their deadlines: a sorted list takes them at its end. The others go into
// a pairing heap, where arming is O(1), and so is disarming for all but the earliest.

bool timer_queue::before(const timer& a, const timer& b) noexcept {
  return a.when_ < b.when_ || (a.when_ == b.when_ && a.order_ < b.order_);
}

timer* timer_queue::merge(timer* a, timer* b) noexcept {
  if (before(*b, *a)) std::swap(a, b);
  b->previous_ = a;
  b->sibling_ = a->child_;
  if (a->child_) a->child_->previous_ = b;
  a->child_ = b;
  return a;
}

timer* timer_queue::merge_children(timer* first) noexcept {
  // Pairs from the left, kept as a stack linked through sibling_, then the stack from the top.
  timer* stack = nullptr;
  while (first) {
    timer* a = first;
    timer* b = a->sibling_;
    first = b ? b->sibling_ : nullptr;
    a->sibling_ = nullptr;
    if (b) {
      b->sibling_ = nullptr;
      a = merge(a, b);
    }
    a->sibling_ = stack;
    stack = a;
  }
  if (!stack) return nullptr;
  timer* root = std::exchange(stack, stack->sibling_);
  root->sibling_ = nullptr;
  while (stack) {
    timer* tree = std::exchange(stack, stack->sibling_);
    tree->sibling_ = nullptr;
    root = merge(root, tree);
  }
  root->previous_ = nullptr;
  return root;
}

timer* timer_queue::earliest() const noexcept {
  timer* const first = row_.front();
  if (!first || !root_) return first ? first : root_;
  return before(*root_, *first) ? root_ : first;
}

void timer_queue::insert(timer& node) noexcept {
  constexpr std::size_t few = 8;  // with later deadlines: of other limits
  node.queue_ = this;
  node.order_ = ++order_;
  if (row_.push_back_past(
          node, [&node](const timer& other) { return before(node, other); }, few))
    return;
  node.child_ = node.sibling_ = node.previous_ = nullptr;
  root_ = root_ ? merge(root_, &node) : &node;
}

void timer_queue::erase(timer& node) noexcept {
  node.queue_ = nullptr;
  if (node.linked()) return node.unlink();
  timer* orphans = node.child_ ? merge_children(node.child_) : nullptr;
  if (root_ == &node) {
    root_ = orphans;
    return;
  }
  (node.previous_->child_ == &node ? node.previous_->child_ : node.previous_->sibling_) = node.sibling_;
  if (node.sibling_) node.sibling_->previous_ = node.previous_;
  if (orphans) root_ = merge(root_, orphans);
}

}  // namespace braid
