#include <algorithm>
#include <boost/asio/error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>

#include <braid/core/error.hpp>
#include <braid/http/method.hpp>
#include <braid/net/connector.hpp>

#include "client/connecting.hpp"
#include "client/exchange.hpp"

namespace braid::http {

namespace {

constexpr std::size_t kept_output = 64 * 1024;  // room that stays with the connection

bool names_close(const headers& fields) {
  const auto value = fields.get("Connection");
  return value && equal_ignoring_case(*value, "close");
}

}  // namespace

void exchange::choose_proxy() {
  http1_ = pool_->needs_http1(request_.url_);
  const client_options& options = client_->options;
  const net::proxy_settings& settings = request_.proxy_ ? *request_.proxy_ : options.proxy;
  if (settings.empty() || !options.unix_socket.empty()) {
    proxy_ = nullptr;
    return;
  }
  proxy_ = settings.choose(request_.url_.is_secure(), request_.url_.host());
}

/// True where a proxy is sent the request itself, instead of being asked for a tunnel.
bool exchange::names_whole_url() const {
  return proxy_ && proxy_->is_http() && !request_.url_.is_secure() && !client_->options.proxy_tunnel;
}

/// The connections that may carry the request: those of its origin, or of a proxy to all of them.
pool_book::host& exchange::destination() {
  const url& to = request_.url_;
  if (http1_) {
    const std::string route = (proxy_ ? proxy_->key() : std::string()) + " HTTP/1.1";
    return pool_->book().at(to.is_secure(), to.host(), to.port(), route);
  }
  if (!proxy_) return pool_->book().at(to.is_secure(), to.host(), to.port());
  if (names_whole_url()) return pool_->book().at(false, {}, 0, proxy_->key());
  return pool_->book().at(to.is_secure(), to.host(), to.port(), proxy_->key());
}

/// Takes a resting connection. False: acquire() has to get one.
bool exchange::reuse() {
  if (!paced_ && pool_->pacer()) return false;
  const bool may_repeat = client_->options.repeat_on_stale && is_idempotent(request_.method_) && !request_.source_;
  visiting_ = false;
  for (;;) {
    pool_book::host& where = destination();
    const pool_book::answer got = pool_->book().ask(where);
    if (got.what == pool_book::verdict::open) {
      slot_ = &where;
      if (got.which) pool_->destroy(*got.which);
    }
    if (got.what == pool_book::verdict::join) {
      reused_ = true;
      take_place(static_cast<h2_connection&>(*got.which));
      if (stream_->on->is_usable()) return true;
      leave_place();
      continue;
    }
    if (got.what != pool_book::verdict::reuse) return false;
    connection_ = static_cast<client_connection*>(got.which);
    reused_ = true;
    if (pool_->is_usable(*connection_, may_repeat)) return true;
    pool_->drop(*std::exchange(connection_, nullptr));
  }
}

boost::asio::awaitable<void> exchange::acquire() {
  if (!paced_ && pool_->pacer()) {
    co_await wait_for_pace();
    if (reuse()) co_return;
  }
  if (!slot_) {
    const bool given = co_await wait_for_turn();
    if (given) co_return;
  }
  co_await connect();
}

/// Its turn by client_options::rates.
boost::asio::awaitable<void> exchange::wait_for_pace() {
  struct place {
    request_pacer::ticket ticket;
    ~place() { request_pacer::leave(ticket); }
  };
  const time_point since = pool_->timers().now();
  place mine;
  const origin_lane::verdict verdict = pool_->pacer()->ask(request_.url_, mine.ticket);
  if (verdict == origin_lane::verdict::refuse) {
    throw limit_error(description() + ": " + std::to_string(client_->options.rates.waiting) +
                      " requests wait for the rate limit of this origin already");
  }
  if (verdict == origin_lane::verdict::wait) {
    in_queue_ = &mine.ticket.served_or_late;
    enter(phase::pace);
    const bool woken = co_await mine.ticket.served_or_late.wait_quietly();
    in_queue_ = nullptr;
    if (!woken) throw boost::system::system_error(boost::asio::error::operation_aborted);
    if (!mine.ticket.served || expired_ != phase::none) fail_late();
    timings_.queue += pool_->timers().now() - since;
    if (is_observed()) tell_phase(request_phase::queue);
  }
  paced_ = true;
}

/// True when a connection was handed over, false when one may be opened.
boost::asio::awaitable<bool> exchange::wait_for_turn() {
  struct place {
    client_pool& pool;
    client_pool::ticket ticket;
    bool settled = false;
    explicit place(client_pool& of) : pool(of) {}
    ~place() {
      if (!settled) pool.leave(ticket);
    }
  };
  const time_point since = pool_->timers().now();
  place mine(*pool_);
  mine.ticket.since = began_;
  pool_->book().queue(destination(), mine.ticket);
  in_queue_ = &mine.ticket.served_or_late;
  enter(phase::queue);
  const bool woken = co_await mine.ticket.served_or_late.wait_quietly();
  in_queue_ = nullptr;
  if (!woken) throw boost::system::system_error(boost::asio::error::operation_aborted);
  if (!mine.ticket.served() || expired_ != phase::none) fail_late();  // it may be both
  mine.settled = true;
  timings_.queue += pool_->timers().now() - since;
  if (is_observed()) tell_phase(request_phase::queue);
  if (mine.ticket.may_open) {
    slot_ = mine.ticket.where;
    co_return false;
  }
  reused_ = true;
  if (mine.ticket.given->shared) {
    take_place(static_cast<h2_connection&>(*mine.ticket.given));
  } else {
    connection_ = static_cast<client_connection*>(mine.ticket.given);
  }
  co_return true;
}

boost::asio::awaitable<void> exchange::connect() {
  enter(phase::none);  // net::connect has a bound of its own
  reused_ = false;
  visiting_ = false;
  const url& to = request_.url_;
  const client_options& options = client_->options;
  net::connect_timings timings;
  net::connect_options how = connect_options_for(options, to, proxy_, !names_whole_url());
  if (http1_ && to.is_secure()) how.tls = client_->http1_tls;
  if (proxy_ && proxy_->scheme() != net::proxy_scheme::basic) how.proxy_authorization = authorizer_of(pool_, *proxy_);
  if (how.proxy && request_.wire_ && request_.wire_->tap) how.tap = tunnel_tap();
  how.timings = &timings;
  bool total_first = false;
  if (total_end_ != time_point::max()) {
    const duration left = total_end_ - pool_->timers().now();
    total_first = !how.timeout || left < *how.timeout;
    if (total_first) how.timeout = std::max(left, duration(1));
  }
  const time_point since = pool_->timers().now();
  duration looked_up{};
  std::exception_ptr failure;
  try {
    if (may_join_another()) {
      boost::asio::awaitable<bool> joining = join_another(how.timeout);
      const bool joined = co_await std::move(joining);
      if (joined) co_return;
      looked_up = pool_->timers().now() - since;
      if (how.timeout) how.timeout = std::max(*how.timeout - looked_up, duration(1));
    }
    boost::asio::awaitable<std::unique_ptr<net::transport>> connecting = start_connecting(options, to, std::move(how));
    std::unique_ptr<net::transport> stream = co_await std::move(connecting);
    if (!names_whole_url() && !http1_ && pool_->is_shared(*stream, to.is_secure())) {
      const boost::asio::any_io_executor executor = co_await boost::asio::this_coro::executor;
      take_place(pool_->add_shared(*std::exchange(slot_, nullptr), std::move(stream), executor));
    } else {
      connection_ = pool_->add(*std::exchange(slot_, nullptr), std::move(stream));
    }
  } catch (const timeout_error&) {
    expired_total_ = total_first;
    failure = std::current_exception();
  } catch (...) {
    failure = std::current_exception();
  }
  // A connector of one's own may not say.
  if (timings.connect == duration::zero() && options.connector) timings.connect = pool_->timers().now() - since;
  timings.resolve += looked_up;  // connecting found the answer in the cache
  timings_.resolve = timings.resolve;
  timings_.connect = timings.connect;
  timings_.tls = timings.tls;
  if (is_observed()) tell_connecting(timings);
  if (!failure) co_return;
  if (slot_) pool_->attempt_over(*std::exchange(slot_, nullptr), !is_cancelled(failure));
  rethrow_with_description(failure);
}

/// Shows the request's tap what is said while its tunnel is opened.
net::tunnel_tap exchange::tunnel_tap() const {
  return [form = request_.wire_](net::tunnel_event what, std::string_view bytes) {
    form->tap(what == net::tunnel_event::head_sent ? wire_event::tunnel_sent : wire_event::tunnel_received, bytes);
  };
}

/// The response is complete: the connection rests, if it can, or closes.
void exchange::release() {
  deadline_.disarm();
  phase_ = phase::none;
  if (stream_) return leave_place();
  client_connection& done = *std::exchange(connection_, nullptr);
  const bool keep = done.decoder.keep_alive() && sent_all_ && done.input.view().empty() &&
                    (request_.fields_.empty() || !names_close(request_.fields_));
  if (!keep) return pool_->drop(done);
  if (done.output.capacity() > kept_output) {
    done.output.clear();
    done.output.shrink_to_fit();
  }
  pool_->give_back(done);
}

/// Whatever is still held is not fit for anybody else.
void exchange::abandon() noexcept {
  deadline_.disarm();
  if (connection_) pool_->drop(*std::exchange(connection_, nullptr));
  if (stream_) leave_place();
  if (slot_) pool_->attempt_over(*std::exchange(slot_, nullptr), false);
}

}  // namespace braid::http
