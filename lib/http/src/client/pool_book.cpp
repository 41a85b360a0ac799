#include "client/pool_book.hpp"

#include <algorithm>

namespace braid::http {

/// In one of the lists of those who wait for the bound on all connections.
class pool_book::host : public detail::list_link {
 public:
  std::string name;
  std::string route;
  key id{};
  std::size_t active = 0;
  std::size_t resting = 0;              // not shared
  detail::list<entry, idle_link> idle;  // these; the one that rested last is at the end
  detail::list<ticket> waiting;

  std::vector<entry*> shared;  // those that take requests
  std::size_t making = 0;      // attempts under way
  enum class kind : std::uint8_t { separate, unknown, shared } kind = kind::separate;
  bool patient = true;    // one attempt at a time, while its connection may be shared
  bool has_some = false;  // says which list it is in
};

pool_book::pool_book(std::size_t per_host, const connection_sharing& how, std::size_t total, std::size_t connecting)
    : per_host_(per_host == 0 ? 1 : per_host),
      total_(total == 0 ? 1 : total),
      connecting_(connecting == 0 ? 1 : connecting),
      sharing_(how) {
  if (sharing_.connections == 0) sharing_.connections = 1;
}
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
  if (secure ? sharing_.secure : sharing_.plain) made->kind = host::kind::unknown;
  last_ = made.get();
  hosts_.emplace(made->id, std::move(made));
  return *last_;
}

pool_book::answer pool_book::ask(host& where) {
  if (where.waiting.empty() && !where.idle.empty()) {
    entry* const which = where.idle.back();
    which->idle_link::unlink();
    which->resting_link::unlink();
    --where.resting;
    --idle_;
    ++where.active;
    ++active_;
    return {verdict::reuse, which};
  }
  if (!where.waiting.empty()) return {verdict::wait, nullptr};
  if (entry* const which = roomy(where)) {
    join(*which);
    return {verdict::join, which};
  }
  if (may_open(where) && (!is_full() || idle_ > 0)) {
    const bool evict = is_full();
    begin_attempt(where);  // first, so that the host stays whatever is evicted
    return {verdict::open, evict ? take_oldest() : nullptr};
  }
  return {verdict::wait, nullptr};
}

/// The first, so that the others empty and rest.
pool_book::entry* pool_book::roomy(host& where) {
  for (entry* const which : where.shared) {
    if (which->streams < which->capacity) return which;
  }
  return nullptr;
}

bool pool_book::may_open(const host& where) const {
  if (where.kind == host::kind::separate || !where.patient) {
    return where.active + where.resting < per_host_ && where.making < connecting_;
  }
  return where.making == 0 && where.shared.size() < sharing_.connections;
}

void pool_book::begin_attempt(host& where) {
  ++where.making;
  ++where.active;
  ++active_;
}

void pool_book::join(entry& which) {
  if (which.streams++ != 0) return;
  which.resting_link::unlink();
  --idle_;
  ++which.owner->active;
  ++active_;
}

bool pool_book::is_direct(const host& where, std::uint16_t port) noexcept {
  return where.id.secure && where.id.port == port && where.route.empty();
}

void pool_book::queue(host& where, ticket& who) {
  who.where = &where;
  where.waiting.push_back_past(who, [&who](const ticket& other) { return other.since > who.since; });
  ++waiting_;
  line_up(where);
}

/// Puts a host that only the bound on all connections holds up into the list of those.
void pool_book::line_up(host& where) {
  if (where.waiting.empty() || !is_full() || !may_open(where)) return where.unlink();
  const bool has_some = where.active > 0 || !where.shared.empty();
  if (where.linked() && where.has_some == has_some) return;
  where.has_some = has_some;
  (has_some ? hungry_ : destitute_).push_back(where);
}

pool_book::grant pool_book::share_out() {
  grant out;
  while (contended() && (!is_full() || idle_ > 0)) {
    host& where = *(destitute_.empty() ? hungry_ : destitute_).pop_front();
    ticket* const next = where.waiting.front();
    if (!next || !may_open(where)) continue;
    next->unlink();
    --waiting_;
    next->may_open = true;
    const bool evict = is_full();
    begin_attempt(where);
    if (evict) out.evicted = take_oldest();
    line_up(where);
    out.who = next;
    break;
  }
  return out;
}

void pool_book::leave(ticket& who) noexcept {
  if (!who.linked()) return;
  who.unlink();
  --waiting_;
  line_up(*who.where);
  forget_if_unused(*who.where);
}

pool_book::ticket* pool_book::give_back(entry& which, time_point now) {
  host& where = *which.owner;
  // Those who have nothing go before those who wait here; those who want more, before nobody.
  if (!destitute_.empty() || (where.waiting.empty() && contended())) {
    where.unlink();  // its own turn would be the same connection again
    --where.active;
    --active_;
    ticket* const next = share_out().who;
    if (next) {
      line_up(where);
      forget_if_unused(where);
      return next;
    }
    ++where.active;
    ++active_;
  }
  if (ticket* const next = where.waiting.pop_front()) {
    --waiting_;
    next->given = &which;
    line_up(where);
    return next;
  }
  --where.active;
  --active_;
  which.idle_since = now;
  where.idle.push_back(which);
  ++where.resting;
  resting_.push_back(which);
  ++idle_;
  return nullptr;
}

pool_book::ticket* pool_book::slot_free(host& where) {
  --where.active;
  --active_;
  if (contended()) {
    if (ticket* const next = share_out().who) {
      line_up(where);
      forget_if_unused(where);
      return next;
    }
  }
  return serve(where);
}

void pool_book::made(host& where) {
  --where.making;
  where.kind = host::kind::separate;
  where.patient = true;
}

void pool_book::made_shared(entry& which, std::size_t capacity) {
  host& where = *which.owner;
  --where.making;
  where.kind = host::kind::shared;
  where.patient = true;
  where.shared.push_back(&which);
  which.shared = true;
  which.streams = 1;
  which.capacity = capacity;
}

pool_book::ticket* pool_book::attempt_over(host& where) {
  --where.making;
  return slot_free(where);
}

void pool_book::lose_patience(host& where) { where.patient = false; }

void pool_book::again(host& where) { ++where.making; }

void pool_book::stream_done(entry& which, time_point now) {
  if (--which.streams != 0) return;
  --which.owner->active;
  --active_;
  if (which.retired) return;
  which.idle_since = now;
  resting_.push_back(which);
  ++idle_;
}

void pool_book::retire(entry& which) {
  if (which.retired) return;
  which.retired = true;
  std::erase(which.owner->shared, &which);
  if (which.streams != 0) return;
  which.resting_link::unlink();
  --idle_;
}

pool_book::ticket* pool_book::serve(host& where) {
  ticket* const next = where.waiting.front();
  if (!next) {
    forget_if_unused(where);
    return nullptr;
  }
  if (entry* const which = roomy(where)) {
    join(*which);
    next->given = which;
  } else if (may_open(where) && !is_full()) {
    begin_attempt(where);
    next->may_open = true;
  } else {
    line_up(where);
    return nullptr;
  }
  next->unlink();
  --waiting_;
  return next;
}

pool_book::entry* pool_book::take_oldest() {
  entry* const which = resting_.front();
  return which ? take(*which) : nullptr;
}

pool_book::entry* pool_book::take(entry& which) {
  which.resting_link::unlink();
  host& where = *which.owner;
  which.retired = true;
  if (which.shared) {
    std::erase(where.shared, &which);
  } else {
    which.idle_link::unlink();
    --where.resting;
  }
  --idle_;
  forget_if_unused(where);
  return &which;
}

pool_book::entry* pool_book::take_spoiled(time_point now) {
  entry* const found = resting_.find([now](const entry& one) { return one.good_until <= now; });
  return found ? take(*found) : nullptr;
}

time_point pool_book::first_spoiled() {
  time_point out = time_point::max();
  resting_.for_each([&](const entry& one) { out = std::min(out, one.good_until); });
  return out;
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
  if (which.active != 0 || !which.idle.empty() || !which.shared.empty() || !which.waiting.empty()) return;
  if (last_ == &which) last_ = nullptr;
  const key id = which.id;  // which goes with it
  hosts_.erase(id);
}

std::string pool_book::str() const {
  return "[hosts: " + std::to_string(hosts_.size()) + " | connections: " + std::to_string(active_) + " active, " +
         std::to_string(idle_) + " idle | waiting: " + std::to_string(waiting_) + "]";
}

}  // namespace braid::http
