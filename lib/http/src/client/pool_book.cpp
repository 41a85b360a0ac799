#include "client/pool_book.hpp"

#include <algorithm>

namespace braid::http {

class pool_book::host {
 public:
  std::string name;
  std::string route;
  key id{};
  std::size_t active = 0;
  std::vector<entry*> idle;  // the one that rested last is at the end
  detail::list<ticket> waiting;
};

pool_book::pool_book(std::size_t per_host) : per_host_(per_host == 0 ? 1 : per_host) {}
pool_book::~pool_book() = default;

pool_book::host& pool_book::at(bool secure, std::string_view name, std::uint16_t port, std::string_view route) {
  const key wanted{name, route, port, secure};
  if (last_ && last_->id == wanted) return *last_;
  const auto found = hosts_.find(wanted);
  if (found != hosts_.end()) {
    last_ = found->second.get();
    return *last_;
  }
  auto made = std::make_unique<host>();
  made->name = name;
  made->route = route;
  made->id = {made->name, made->route, port, secure};
  last_ = made.get();
  hosts_.emplace(made->id, std::move(made));
  return *last_;
}

pool_book::answer pool_book::ask(host& where) {
  if (where.waiting.empty() && !where.idle.empty()) {
    entry* const which = where.idle.back();
    where.idle.pop_back();
    which->unlink();
    --idle_;
    ++where.active;
    ++active_;
    return {verdict::reuse, which};
  }
  if (where.waiting.empty() && where.active + where.idle.size() < per_host_) {
    ++where.active;
    ++active_;
    return {verdict::open, nullptr};
  }
  return {verdict::wait, nullptr};
}

void pool_book::queue(host& where, ticket& who) {
  who.where = &where;
  where.waiting.push_back(who);
  ++waiting_;
}

void pool_book::leave(ticket& who) noexcept {
  if (!who.linked()) return;
  who.unlink();
  --waiting_;
  forget_if_unused(*who.where);
}

pool_book::ticket* pool_book::give_back(entry& which, time_point now) {
  host& where = *which.owner;
  if (ticket* const next = where.waiting.pop_front()) {
    --waiting_;
    next->given = &which;
    return next;
  }
  --where.active;
  --active_;
  which.idle_since = now;
  where.idle.push_back(&which);
  resting_.push_back(which);
  ++idle_;
  return nullptr;
}

pool_book::ticket* pool_book::slot_free(host& where) {
  if (ticket* const next = where.waiting.pop_front()) {
    --waiting_;
    next->may_open = true;
    return next;
  }
  --where.active;
  --active_;
  forget_if_unused(where);
  return nullptr;
}

pool_book::entry* pool_book::take_oldest() {
  entry* const which = resting_.pop_front();
  if (!which) return nullptr;
  host& where = *which->owner;
  where.idle.erase(std::find(where.idle.begin(), where.idle.end(), which));
  --idle_;
  forget_if_unused(where);
  return which;
}

pool_book::entry* pool_book::take_older(time_point than) {
  entry* const first = resting_.front();
  return first && first->idle_since <= than ? take_oldest() : nullptr;
}

pool_book::entry* pool_book::take_surplus(std::size_t limit) { return idle_ > limit ? take_oldest() : nullptr; }

std::optional<time_point> pool_book::oldest() {
  entry* const first = resting_.front();
  if (!first) return std::nullopt;
  return first->idle_since;
}

void pool_book::forget_if_unused(host& which) {
  if (which.active != 0 || !which.idle.empty() || !which.waiting.empty()) return;
  if (last_ == &which) last_ = nullptr;
  const key id = which.id;  // which goes with it
  hosts_.erase(id);
}

std::string pool_book::str() const {
  return "[hosts: " + std::to_string(hosts_.size()) + " | connections: " + std::to_string(active_) + " active, " +
         std::to_string(idle_) + " idle | waiting: " + std::to_string(waiting_) + "]";
}

}  // namespace braid::http
