#include <boost/asio/error.hpp>

#include <braid/core/error.hpp>
#include <braid/http/method.hpp>

#include "client/exchange.hpp"
#include "h2/shown_head.hpp"

// What differs where the connection is shared with other requests (HTTP/2).

namespace braid::http {

/// The book has counted it already.
void exchange::take_place(h2_connection& on) {
  stream_ = std::make_unique<h2_stream>(on.shared_from_this());
  if (request_.wire_) stream_->show_to(&request_.wire_->tap);
}

/// A request that is not complete is reset; the others on the connection go on.
void exchange::leave_place() noexcept {
  const std::unique_ptr<h2_stream> stream = std::move(stream_);
  stream->on->close(*stream);
  pool_->stream_done(*stream->on);
}

/// Of a request without TLS and without a body, at its own server: what follows it there may be HTTP/2.
bool exchange::asks_for_http2() const {
  const bool old = request_.wire_ && request_.wire_->version == 10;
  return !request_.url_.is_secure() && !names_whole_url() && !http1_ && !old && !request_.has_body_;
}

/// The server has agreed: its response comes as the first stream of what this connection becomes.
boost::asio::awaitable<void> exchange::go_over_to_http2() {
  const boost::asio::any_io_executor executor = co_await boost::asio::this_coro::executor;
  client_connection& from = *std::exchange(connection_, nullptr);
  pool_book::host& where = *from.owner;
  std::unique_ptr<net::transport> stream = std::move(from.stream);
  const std::string received(from.input.view());
  client_pool::discard_for_another(from, pool_->book());
  from_ = nullptr;
  const h2::beginning how = request_.method_ == "HEAD" ? h2::beginning::upgraded_by_head : h2::beginning::upgraded;
  h2_connection& made = pool_->add_shared(where, std::move(stream), executor, how);
  take_place(made);
  made.adopt(*stream_, received);
  upgraded_ = true;
}

/// Sends the request and waits for the head of the response. False, and without a connection, when the request has to
/// be made again.
boost::asio::awaitable<bool> exchange::begin_shared() {
  const bool begun = std::exchange(upgraded_, false);
  client_pool::scratch& paper = pool_->paper();
  if (!begun) {
    paper.text.clear();
    encode_head(paper.text);
    paper.head.assign(paper.text, request_.url_.scheme());
  }
  const bool streamed = static_cast<bool>(request_.source_);
  const bool waits = !begun && expects_continue();
  from_ = stream_.get();
  listen();
  fresh_ = false;
  answered_ = false;
  sent_seen_ = 0;
  const std::string_view at_once = waits ? std::string_view() : request_.body_;
  const bool opened = begun || stream_->on->open(*stream_, paper.head, at_once, !streamed && !waits);
  if (!opened) {
    if (++refusals_ > client_->options.http2.refused_retries) {
      throw connection_lost(description() + ": every connection was closed before it could take the request");
    }
    leave_place();
    co_return false;
  }
  if (!begun && request_.wire_) tell(wire_event::head_sent, h2::shown_request(paper.text));
  if (waits) {
    const bool wanted = co_await is_continued();
    if (!wanted) {
      enter(phase::first_byte);
    } else if (!streamed) {
      tell(wire_event::body_sent, request_.body_);
      stream_->on->send(*stream_, request_.body_, true);
      enter(phase::send);
    }
    if (wanted && streamed) co_await send_pieces();
  } else {
    if (!at_once.empty()) tell(wire_event::body_sent, at_once);
    enter(stream_->all_sent() && !streamed ? phase::first_byte : phase::send);
    if (streamed) co_await send_pieces();
  }
  for (;;) {
    const incoming_response::event what = stream_->on->next(*stream_);
    if (what == incoming_response::event::head) break;
    if (what == incoming_response::event::failed) {
      if (!may_repeat()) fail_decoding();
      leave_place();
      co_return false;
    }
    if (phase_ == phase::send && stream_->all_sent()) enter(phase::first_byte);
    co_await wait_for_change();
  }
  answered_ = true;
  co_return true;
}

/// wait_for_continue(), over a shared connection.
boost::asio::awaitable<bool> exchange::is_continued() {
  enter(phase::expect);
  while (stream_->informational() == 0 && !stream_->has_head() && !stream_->is_closed()) {
    if (expired_ == phase::expect && !expired_total_) {
      expired_ = phase::none;
      co_return true;
    }
    co_await wait_for_change();
  }
  co_return !stream_->has_head() && !stream_->is_closed();
}

/// A body that is made while it is sent; the next piece is asked for when the last one has left.
boost::asio::awaitable<void> exchange::send_pieces() {
  std::uint64_t left = request_.length_.value_or(0);
  for (bool last = false; !last;) {
    source_begun_ = true;
    boost::asio::awaitable<std::string> making = request_.source_();
    const std::string piece = co_await std::move(making);
    last = piece.empty();
    if (!last) tell(wire_event::body_sent, piece);
    const bool wrong = request_.length_ && (piece.size() > left || (last && left > 0));
    if (wrong) throw invalid_argument(description() + ": the body's source does not give the length that it named");
    left -= std::min<std::uint64_t>(left, piece.size());
    if (stream_->is_closed()) co_return;
    if (expired_ != phase::none) fail_late();
    enter(phase::send);
    stream_->on->send(*stream_, piece, last);
    while (!stream_->all_sent()) co_await wait_for_change();
  }
}

boost::asio::awaitable<void> exchange::wait_for_change() {
  if (expired_ != phase::none) fail_late();
  const bool woken = co_await stream_->changed.wait_quietly();
  if (!woken) fail_io(boost::asio::error::operation_aborted);
}

/// After a failure without an answer: whether sending the request once more can do no harm.
bool exchange::may_repeat() {
  if (source_begun_) return false;
  if (stream_->needs_http1() && !http1_ && client_->options.http_version != protocol_choice::http2) {
    pool_->remember_http1(request_.url_);
    return http1_ = true;
  }
  if (stream_->refused()) return ++refusals_ <= client_->options.http2.refused_retries;
  if (!client_->options.repeat_on_stale) return false;
  if (!stream_->connection_lost() || !reused_ || repeated_ || !is_idempotent(request_.method_)) return false;
  repeated_ = true;
  return true;
}

}  // namespace braid::http
