#include "client/pool.hpp"

#include <algorithm>

#include <braid/core/error.hpp>

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

/// Where HTTP/2 may turn out to be spoken.
connection_sharing sharing_of(const client_options& options) {
  const bool secure = options.http_version != protocol_choice::http1;
  const bool plain = options.http_version == protocol_choice::http2_prior_knowledge;
  return {secure, plain, options.http2.connections_per_host};
}

/// Where a certificate and an address say all there is to know of a server.
bool may_coalesce(const client_options& options) {
  const net::tls_options& tls = options.tls;
  const bool by_name = tls.verify() && !tls.has_certificate() && !tls.has_pins();
  const bool by_address = options.resolve.empty() && options.unix_socket.empty() && !options.connector;
  return options.http2.coalesce && options.http_version != protocol_choice::http1 && by_name && by_address;
}

}  // namespace

client_pool::client_pool(const client_options& options, const boost::asio::any_io_executor& executor)
    : options_(options),
      decoder_limits_(limits_of(options)),
      keep_alive_(options.timeouts.keep_alive),
      idle_limit_(options.limits.idle_connections),
      timers_(timer_queue::of(executor)),
      book_(options.max_connections_per_host, sharing_of(options), options.max_connections,
            options.max_connecting_per_host) {
  sweep_.owner = this;
  coalesces_ = may_coalesce(options);
  if (options.retries) retries_.emplace(*options.retries);
  if (!options.rates.empty()) pacer_.emplace(options.rates, timers_);
}

client_pool::~client_pool() { close(); }

client_connection* client_pool::add(pool_book::host& where, std::unique_ptr<net::transport> stream) {
  auto* const made = new client_connection(std::move(stream), decoder_limits_);
  made->owner = &where;
  book_.made(where);
  serve(where);
  return made;
}

proxy_sign_in& client_pool::sign_in_of(const net::proxy& which) {
  constexpr std::size_t most = 1024;  // more are forgotten, which costs a challenge each
  if (sign_ins_.size() >= most && !sign_ins_.contains(which.key())) sign_ins_.clear();
  return sign_ins_[which.key()];
}

bool client_pool::is_usable(client_connection& which, bool may_repeat) noexcept {
  const time_point now = timers_.now();
  if (now >= which.good_until) return false;
  if (may_repeat && now - which.idle_since < surely_alive) return true;
  return which.stream->is_open() && which.stream->is_quiet();
}

void client_pool::give_back(client_connection& which) {
  if (closed_) return drop(which);
  const time_point now = timers_.now();
  pool_book::ticket* const next = book_.give_back(which, now);
  if (next) {
    if (next->may_open) discard(which);
    return wake(next);
  }
  which.input.rest();
  which.good_until = time_point::max();
  if (const std::optional<std::uint32_t> rest = which.decoder.rest_seconds()) keep_for(which, now, *rest);
  while (pool_book::entry* const surplus = book_.take_surplus(idle_limit_)) {
    destroy(*surplus);
  }
  if (!sweep_.armed()) schedule_sweep();
}

/// The server closes it after so long. A request that is on its way then is lost, so it is given up before.
void client_pool::keep_for(client_connection& which, time_point now, std::uint32_t seconds) {
  const duration rest = std::chrono::seconds(seconds);
  if (!keep_alive_ || rest > *keep_alive_) return;
  which.good_until = now + rest - std::min<duration>(rest / 2, std::chrono::seconds(1));
  if (!sweep_.armed() || which.good_until < sweep_.when()) {
    sweep_.arm(timers_, which.good_until, &client_pool::on_sweep);
  }
}

void client_pool::drop(client_connection& which) noexcept {
  pool_book::host& where = *which.owner;
  discard(which);
  slot_free(where);
}

void client_pool::discard(client_connection& which) noexcept { delete &which; }

void client_pool::discard_for_another(client_connection& which, pool_book& book) noexcept {
  book.again(*which.owner);
  discard(which);
}

void client_pool::slot_free(pool_book::host& where) noexcept { wake(book_.slot_free(where)); }

void client_pool::attempt_over(pool_book::host& where, bool refused) noexcept {
  if (refused) book_.lose_patience(where);
  pool_book::ticket* const next = book_.attempt_over(where);
  if (!next) return;
  const bool here = next->where == &where;  // else it may be forgotten by now
  wake(next);
  if (here) serve(where);
}

void client_pool::leave(ticket& who) noexcept {
  if (who.given && who.given->shared) {
    stream_done(static_cast<h2_connection&>(*who.given));
  } else if (who.given) {
    give_back(static_cast<client_connection&>(*who.given));
  } else if (who.may_open) {
    attempt_over(*who.where, false);
  } else {
    book_.leave(who);
  }
}

void client_pool::wake(pool_book::ticket* who) {
  if (who) static_cast<ticket*>(who)->served_or_late.wake();
}

void client_pool::serve(pool_book::host& where) {
  while (pool_book::ticket* const next = book_.serve(where)) wake(next);
}

/// After something has gone or come to rest: others may have waited for that.
void client_pool::hand_out() noexcept {
  while (book_.contended()) {
    const pool_book::grant next = book_.share_out();
    if (next.evicted) destroy(*next.evicted);
    if (!next.who) return;
    wake(next.who);
  }
}

/// Of what is off the books.
void client_pool::destroy(pool_book::entry& which) noexcept {
  if (!which.shared) {
    delete static_cast<client_connection*>(&which);
    return;
  }
  const auto found = shared_.find(&which);
  const std::shared_ptr<h2_connection> last = std::move(found->second);
  shared_.erase(found);
  last->shut();
}

// --- shared connections ----------------------------------------------------------------------------------------------

bool client_pool::is_shared(const net::transport& stream, bool secure) const {
  const protocol_choice choice = options_.http_version;
  if (!secure) return choice == protocol_choice::http2_prior_knowledge;
  if (choice == protocol_choice::http1) return false;
  if (stream.application_protocol() == "h2") return true;
  if (choice == protocol_choice::automatic || choice == protocol_choice::http2_upgrade) return false;
  throw tls_error("the server at " + stream.peer_description() + " does not speak HTTP/2, which was asked for");
}

void client_pool::remember_http1(const url& at) {
  constexpr std::size_t most = 256;
  if (http1_hosts_.size() >= most) http1_hosts_.clear();
  http1_hosts_.insert(at.origin());
}

h2_connection& client_pool::add_shared(pool_book::host& where, std::unique_ptr<net::transport> stream,
                                       const boost::asio::any_io_executor& executor, h2::beginning how) {
  auto made = std::make_shared<h2_connection>(*this, std::move(stream), executor, options_, how);
  h2_connection& out = *made;
  out.owner = &where;
  shared_.emplace(&out, std::move(made));
  book_.made_shared(out, out.room());
  if (how == h2::beginning::usual) out.start();
  serve(where);
  return out;
}

h2_connection* client_pool::join_another(const url& to, const std::vector<net::endpoint>& addresses) {
  for (const auto& [entry, connection] : shared_) {
    if (!pool_book::has_room(*entry) || !pool_book::is_direct(*entry->owner, to.port())) continue;
    const net::transport& stream = connection->stream();
    const std::string there = stream.peer_description();
    const auto leads_there = [&there](const net::endpoint& one) { return one.str() == there; };
    if (!std::any_of(addresses.begin(), addresses.end(), leads_there)) continue;
    if (!stream.is_good_for(to.host_name())) continue;
    book_.visit(*entry);
    return connection.get();
  }
  return nullptr;
}

void client_pool::remember_misdirected(const url& at) {
  constexpr std::size_t most = 256;
  if (misdirected_.size() >= most) misdirected_.clear();
  misdirected_.insert(at.origin());
}

void client_pool::stream_done(h2_connection& which) noexcept {
  book_.stream_done(which, timers_.now());
  if (which.streams == 0 && closed_) book_.retire(which);
  serve(*which.owner);
  if (which.streams > 0) return;
  if (which.retired) {
    destroy(which);
    return hand_out();
  }
  which.rest();
  while (pool_book::entry* const surplus = book_.take_surplus(idle_limit_)) destroy(*surplus);
  if (!sweep_.armed()) schedule_sweep();
  hand_out();
}

void client_pool::retire(h2_connection& which) noexcept {
  book_.retire(which);
  serve(*which.owner);
  if (which.streams == 0) destroy(which);
  hand_out();
}

void client_pool::resize(h2_connection& which, std::size_t capacity) noexcept {
  book_.resize(which, capacity);
  serve(*which.owner);
}

// --- the end ---------------------------------------------------------------------------------------------------------

void client_pool::leave() noexcept {
  if (--exchanges_ > 0) return;
  while (closer* const one = closers_.pop_front()) one->drained.wake();
}

boost::asio::awaitable<void> client_pool::drain() {
  draining_ = true;
  close();
  if (exchanges_ == 0) co_return;
  closer mine;
  closers_.push_back(mine);
  co_await mine.drained.wait();
}

void client_pool::abandon() noexcept {
  for (const auto& [entry, connection] : shared_) connection->abandon();
  if (pacer_) pacer_->abandon();
  close();
}

void client_pool::close() noexcept {
  closed_ = true;
  sweep_.disarm();
  while (pool_book::entry* const which = book_.take_surplus(0)) destroy(*which);
}

void client_pool::schedule_sweep() {
  if (!keep_alive_) return;
  const auto oldest = book_.oldest();
  if (!oldest) return;
  // All that rest are looked at for it, so not too often.
  const time_point spoiled = std::max(book_.first_spoiled(), timers_.now() + std::chrono::seconds(1));
  sweep_.arm(timers_, std::min(*oldest + *keep_alive_, spoiled), &client_pool::on_sweep);
}

void client_pool::on_sweep(timer& which) {
  client_pool& self = *static_cast<sweep&>(which).owner;
  const time_point limit = self.timers_.now() - *self.keep_alive_;
  while (pool_book::entry* const old = self.book_.take_older(limit)) self.destroy(*old);
  while (pool_book::entry* const old = self.book_.take_spoiled(self.timers_.now())) self.destroy(*old);
  self.schedule_sweep();
}

}  // namespace braid::http
