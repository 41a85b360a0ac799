#include "event_hub.hpp"

#include <algorithm>

namespace braid::serve {

std::string event_text(std::string_view name, std::string_view data) {
  std::string out = "event: ";
  out += name;
  out += "\ndata: ";
  out += data;
  return out + "\n\n";
}

std::shared_ptr<event_hub_shared::listener> event_hub_shared::listen(std::string owner, std::string task) {
  const std::lock_guard lock(mutex_);
  std::erase_if(listeners_, [](const auto& one) { return one.expired(); });
  if (listeners_.size() >= most_) return nullptr;
  std::shared_ptr<listener> fresh(new listener(std::move(owner), std::move(task), queue_));
  if (closed_) fresh->queue_.close();
  fresh->turn_ = next_turn_++ % turns;
  listeners_.push_back(fresh);
  return fresh;
}

void event_hub_shared::put(listener& to, const event& what) {
  if (to.missed_) {
    static const event notice = std::make_shared<const std::string>(event_text("missed", "{}"));
    to.missed_ = !to.queue_.try_send(event(notice));
  }
  if (!to.missed_) to.missed_ = !to.queue_.try_send(event(what));
}

void event_hub_shared::tell(std::string_view owner, std::string_view task, std::string_view name,
                            std::string_view data) {
  const std::lock_guard lock(mutex_);
  event what;
  for (const auto& one : listeners_) {
    const auto to = one.lock();
    if (!to || to->owner_ != owner || (!to->task_.empty() && to->task_ != task)) continue;
    if (!what) what = std::make_shared<const std::string>(event_text(name, data));
    put(*to, what);
  }
}

void event_hub_shared::tell_all(std::string_view name, std::string_view data) {
  const std::lock_guard lock(mutex_);
  const auto what = std::make_shared<const std::string>(event_text(name, data));
  for (const auto& one : listeners_) {
    if (const auto to = one.lock(); to && to->task_.empty()) put(*to, what);
  }
}

void event_hub_shared::beat() {
  static const event sign = std::make_shared<const std::string>(":\n\n");
  const std::lock_guard lock(mutex_);
  for (const auto& one : listeners_) {
    // One whose queue is full hears of more than this.
    if (const auto to = one.lock(); to && to->turn_ == turn_) to->queue_.try_send(event(sign));
  }
  turn_ = (turn_ + 1) % turns;
}

void event_hub_shared::close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  for (const auto& one : listeners_) {
    if (const auto to = one.lock()) to->queue_.close();
  }
}

std::size_t event_hub_shared::listeners() const {
  const std::lock_guard lock(mutex_);
  return static_cast<std::size_t>(
      std::count_if(listeners_.begin(), listeners_.end(), [](const auto& one) { return !one.expired(); }));
}

}  // namespace braid::serve
