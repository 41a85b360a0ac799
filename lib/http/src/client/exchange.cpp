#include "client/exchange.hpp"

#include <algorithm>
#include <boost/asio/error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>
#include <charconv>

#include <braid/core/error.hpp>
#include <braid/http/cookies.hpp>
#include <braid/http/method.hpp>

namespace braid::http {

namespace {

constexpr std::size_t small_body = 16 * 1024;  // up to here a copy is cheaper than a second buffer in the send

}  // namespace

exchange::exchange(std::shared_ptr<const client_state> client, request&& what)
    : client_(std::move(client)), request_(std::move(what)) {
  deadline_.owner = this;
}

void exchange::start(const boost::asio::any_io_executor& executor) {
  std::shared_ptr<client_pool> pool = client_->pool_of(executor);
  if (pool->draining()) throw invalid_argument(description() + ": the client is closed");
  pool_ = std::move(pool);
  pool_->enter();
  began_ = pool_->timers().now();
  const auto total = request_.timeout() ? request_.timeout() : client_->options.timeouts.total;
  if (total) total_end_ = began_ + *total;
  choose_proxy();
  if (is_observed()) {
    number_ = client_->next_number();
    last_phase_ = began_;
    tell_phase(request_phase::begin);
  }
}

exchange::~exchange() {
  if (!pool_) return;  // not started
  abandon();
  pool_->leave();
}

void exchange::become_stream() noexcept { limited_ = false; }

void exchange::finish(response_head& head) {
  timings_.total = pool_->timers().now() - began_;
  head.timings_ = timings_;
  head.trailers_ = std::move(trailers_);
  head.method_ = std::move(request_.method_);
  head.url_ = std::move(request_.url_);
}

// --- the request -----------------------------------------------------------------------------------------------------

// What is rare has coroutines of its own: this frame is held while a request waits.
boost::asio::awaitable<void> exchange::begin() {
  for (;;) {
    if (!upgraded_ && (fresh_ || !reuse())) co_await acquire();
    if (stream_) {
      const bool answered = co_await begin_shared();
      if (!answered) continue;
    } else {
      const std::span<const boost::asio::const_buffer> pieces = encode();
      co_await io_.write(*connection_->stream, pieces);
      sent_all_ = io_.result.ok();
      if (has_more_to_send()) co_await send_rest();
      if (!sent_all_ && is_stale()) continue;
      // Also after a failed write: the server may have said why it stopped reading.
      if (io_.result.error == boost::asio::error::operation_aborted) fail_io(io_.result.error);
      if (phase_ != phase::first_byte) enter(phase::first_byte);
      bool stale = false;
      while (!stale && !std::exchange(head_came_, false) && !decode_head()) {
        if (answered_ && phase_ != phase::receive) enter(phase::receive);
        co_await io_.read_some(*connection_->stream, connection_->input);
        stale = !take_read();
      }
      if (stale) continue;
      if (from_->status() == 101) {
        co_await go_over_to_http2();
        continue;
      }
    }
    std::unique_ptr<redirect_step> step = next_hop();
    if (!step) co_return;
    co_await go_to(std::move(step));
  }
}

std::span<const boost::asio::const_buffer> exchange::encode() {
  std::string& out = connection_->output;
  out.clear();
  encode_head(out);
  const bool asks = client_->options.http_version == protocol_choice::http2_upgrade && asks_for_http2();
  if (asks) out.insert(out.size() - 2, h2::upgrade_lines());
  std::size_t count = 1;
  const std::string& body = request_.body_;
  tell(wire_event::head_sent, out);
  if (expects_continue()) {
    body_sent_ = false;
  } else if (body.size() > small_body) {
    tell(wire_event::body_sent, body);
    pieces_[count++] = boost::asio::const_buffer(body.data(), body.size());
  } else {
    out += body;
    if (!body.empty()) tell(wire_event::body_sent, body);
  }
  pieces_[0] = boost::asio::const_buffer(out.data(), out.size());
  connection_->decoder.start(request_.method_ == "HEAD", request_.wire_.get());
  if (asks) connection_->decoder.allow_http2();
  from_ = &connection_->decoder;
  listen();
  sent_seen_ = 0;
  answered_ = false;
  enter(count > 1 || request_.source_ ? phase::send : phase::first_byte);
  return {pieces_.data(), count};
}

/// Has 1xx responses told to whom the options name.
void exchange::listen() {
  const informational_function& who = client_->options.on_informational;
  from_->listen(who ? &who : nullptr, &request_.url_);
}

void exchange::encode_head(std::string& out) {
  const net::proxy* const via = names_whole_url() ? proxy_ : nullptr;
  if (via) {
    const std::string target = "http://" + std::string(request_.url_.authority()) + std::string(request_.url_.target());
    proxy_sent_ = pool_->sign_in_of(*via).value(*via, request_.method_, target);
  }
  if (client_->options.cookies) {
    const std::string cookies = client_->options.cookies->header_for(cookie_url(), client_->wall_now());
    client_->encoder.head(out, request_, credentials_, cookies, via, proxy_sent_);
  } else {
    client_->encoder.head(out, request_, credentials_, {}, via, proxy_sent_);
  }
}

/// The URL whose cookies these are: under the host that the request claims, where it claims another.
url exchange::cookie_url() const {
  const auto host = request_.fields_.get("Host");
  if (!host) return request_.url_;
  std::string text(request_.url_.scheme());
  text.append("://").append(*host).append(request_.url_.target());
  return url::try_parse(text).value_or(request_.url_);
}

bool exchange::has_more_to_send() const { return sent_all_ && (request_.source_ || expects_continue()); }

boost::asio::awaitable<void> exchange::send_rest() {
  if (!expects_continue()) {
    co_await send_stream();
  } else {
    const bool wanted = co_await wait_for_continue();
    if (wanted) co_await send_body();
  }
  sent_all_ = body_sent_ && io_.result.ok();
}

bool exchange::expects_continue() const {
  return request_.wire_ && request_.wire_->continue_wait && request_.has_body_;
}

void exchange::tell(wire_event what, std::string_view bytes) const {
  if (request_.wire_ && request_.wire_->tap) request_.wire_->tap(what, bytes);
}

/// True when the body is to be sent: the server said so, or said nothing in time.
boost::asio::awaitable<bool> exchange::wait_for_continue() {
  client_connection& to = *connection_;
  enter(phase::expect);
  for (;;) {
    if (decode_head()) {
      head_came_ = true;
      co_return false;
    }
    if (to.decoder.informational() > 0) co_return true;
    co_await io_.read_some(*to.stream, to.input);
    if (!io_.result.ok()) {
      const bool waited = io_.result.error == boost::asio::error::operation_aborted && expired_ == phase::expect;
      if (waited && !expired_total_) expired_ = phase::none;
      co_return waited&& expired_ == phase::none;
    }
    to.input.commit(io_.result.size);
    answered_ = true;
  }
}

/// After a read of the head: false when the connection was stale.
bool exchange::take_read() {
  if (!io_.result.ok()) {
    if (is_stale()) return false;
    fail_without_head();
  }
  connection_->input.commit(io_.result.size);
  answered_ = true;
  if (phase_ == phase::receive) progress_ = pool_->timers().now();
  return true;
}

/// The connection ended before the head did.
void exchange::fail_without_head() {
  response_decoder& from = connection_->decoder;
  from.finish(connection_->input.view());
  if (from.why() == response_decoder::fault::protocol) fail_decoding();
  fail_io(io_.result.error);
}

boost::asio::awaitable<void> exchange::send_body() {
  body_sent_ = true;
  if (request_.source_) {
    co_await send_stream();
    co_return;
  }
  const std::string& body = request_.body_;
  tell(wire_event::body_sent, body);
  enter(phase::send);
  sent_seen_ = 0;
  pieces_[0] = boost::asio::const_buffer(body.data(), body.size());
  const std::span<const boost::asio::const_buffer> pieces(pieces_.data(), 1);
  co_await io_.write(*connection_->stream, pieces);
}

boost::asio::awaitable<void> exchange::send_stream() {
  std::string& out = connection_->output;
  const bool chunked = !request_.length_;
  std::uint64_t left = request_.length_.value_or(0);
  for (bool last = false; !last;) {
    boost::asio::awaitable<std::string> making = request_.source_();
    const std::string piece = co_await std::move(making);
    last = piece.empty();
    if (!last) tell(wire_event::body_sent, piece);
    out.clear();
    if (chunked) {
      std::array<char, 16> digits;
      out.append(digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), piece.size(), 16).ptr);
      out += "\r\n";
      out += piece;
      out += "\r\n";
    } else {
      const bool wrong = piece.size() > left || (last && left > 0);
      if (wrong) throw invalid_argument(description() + ": the body's source does not give the length that it named");
      if (last) break;
      left -= piece.size();
      out += piece;
    }
    if (expired_ != phase::none) fail_late();
    enter(phase::send);
    sent_seen_ = 0;
    pieces_[0] = boost::asio::const_buffer(out.data(), out.size());
    const std::span<const boost::asio::const_buffer> pieces(pieces_.data(), 1);
    co_await io_.write(*connection_->stream, pieces);
    if (!io_.result.ok()) co_return;
  }
}

/// True, and ready for the next attempt, when a kept connection turned out to be closed before it brought anything and
/// the request may be sent once more.
bool exchange::is_stale() {
  const bool aborted = io_.result.error == boost::asio::error::operation_aborted;
  const bool harmless = client_->options.repeat_on_stale && is_idempotent(request_.method_);
  if (!reused_ || fresh_ || answered_ || aborted || request_.source_ || !harmless) return false;
  slot_ = connection_->owner;
  client_pool::discard_for_another(*std::exchange(connection_, nullptr), pool_->book());
  fresh_ = true;
  return true;
}

// --- time ------------------------------------------------------------------------------------------------------------

void exchange::enter(phase what) {
  phase_ = what;
  if (what == phase::none) return deadline_.disarm();
  if (expired_ != phase::none) return;  // too late already; the next failure says so
  const client_timeouts& limits = client_->options.timeouts;
  progress_ = pool_->timers().now();
  if (what == phase::first_byte) {
    sent_at_ = progress_;
    if (is_observed()) tell_phase(request_phase::send);
  }
  time_point when = total_end_;
  if (what == phase::expect) when = std::min(when, progress_ + *request_.wire_->continue_wait);
  if (what == phase::first_byte && limits.first_byte) when = std::min(when, progress_ + *limits.first_byte);
  if ((what == phase::send || what == phase::receive) && limits.idle) when = std::min(when, progress_ + *limits.idle);
  if (when == time_point::max()) return deadline_.disarm();
  deadline_.arm(pool_->timers(), when, &exchange::expired);
}

void exchange::expired(timer& which) {
  exchange& self = *static_cast<deadline&>(which).owner;
  const time_point now = self.pool_->timers().now();
  self.expired_total_ = now >= self.total_end_;
  if (!self.expired_total_ && (self.phase_ == phase::send || self.phase_ == phase::receive)) {
    const std::uint64_t sent = self.stream_ ? self.stream_->sent() : self.io_.result.size;
    if (self.phase_ == phase::send && sent != self.sent_seen_) {
      self.sent_seen_ = sent;
      self.progress_ = now;
    }
    const time_point end = self.progress_ + *self.client_->options.timeouts.idle;
    if (end > now) return self.deadline_.arm(self.pool_->timers(), std::min(end, self.total_end_), &exchange::expired);
  }
  self.expired_ = self.phase_;
  if (self.in_queue_) {
    self.in_queue_->wake();
  } else if (self.connection_) {
    self.connection_->stream->cancel();
  } else if (self.stream_) {
    self.stream_->changed.wake();
  }
}

}  // namespace braid::http
