#include "client/pool.hpp"

namespace braid::http {

namespace {

/// So long after its last use a connection is taken to be alive without asking the kernel, which costs as much as a
/// third of a request. Not for requests that may not be repeated.
constexpr duration surely_alive = std::chrono::milliseconds(20);

response_limits limits_of(const client_options& options) {
  response_limits out;
  out.header_bytes = options.limits.header_bytes;
  out.header_count = options.limits.header_count;
  out.informational = options.limits.informational;
  return out;
}

}  // namespace

client_pool::client_pool(const client_options& options, const boost::asio::any_io_executor& executor)
    : decoder_limits_(limits_of(options)),
      keep_alive_(options.timeouts.keep_alive),
      idle_limit_(options.limits.idle_connections),
      timers_(timer_queue::of(executor)),
      book_(options.max_connections_per_host) {
  sweep_.owner = this;
  if (options.retries) retries_.emplace(*options.retries);
}

client_pool::~client_pool() { close(); }

client_connection* client_pool::add(pool_book::host& where, std::unique_ptr<net::transport> stream) {
  auto* const made = new client_connection(std::move(stream), decoder_limits_);
  made->owner = &where;
  return made;
}

bool client_pool::is_usable(client_connection& which, bool may_repeat) noexcept {
  if (may_repeat && timers_.now() - which.idle_since < surely_alive) return true;
  return which.stream->is_open() && which.stream->is_quiet();
}

void client_pool::give_back(client_connection& which) {
  if (closed_) return drop(which);
  pool_book::ticket* const next = book_.give_back(which, timers_.now());
  if (next) return wake(next);
  while (pool_book::entry* const surplus = book_.take_surplus(idle_limit_)) {
    delete static_cast<client_connection*>(surplus);
  }
  if (!sweep_.armed()) schedule_sweep();
}

void client_pool::drop(client_connection& which) noexcept {
  pool_book::host& where = *which.owner;
  discard(which);
  slot_free(where);
}

void client_pool::discard(client_connection& which) noexcept { delete &which; }

void client_pool::slot_free(pool_book::host& where) noexcept { wake(book_.slot_free(where)); }

void client_pool::leave(ticket& who) noexcept {
  if (who.given) {
    give_back(static_cast<client_connection&>(*who.given));
  } else if (who.may_open) {
    slot_free(*who.where);
  } else {
    book_.leave(who);
  }
}

void client_pool::wake(pool_book::ticket* who) {
  if (who) static_cast<ticket*>(who)->served_or_late.wake();
}

void client_pool::close() noexcept {
  closed_ = true;
  sweep_.disarm();
  while (pool_book::entry* const which = book_.take_surplus(0)) delete static_cast<client_connection*>(which);
}

void client_pool::schedule_sweep() {
  if (!keep_alive_) return;
  if (const auto oldest = book_.oldest()) sweep_.arm(timers_, *oldest + *keep_alive_, &client_pool::on_sweep);
}

void client_pool::on_sweep(timer& which) {
  client_pool& self = *static_cast<sweep&>(which).owner;
  const time_point limit = self.timers_.now() - *self.keep_alive_;
  while (pool_book::entry* const old = self.book_.take_older(limit)) delete static_cast<client_connection*>(old);
  self.schedule_sweep();
}

}  // namespace braid::http
