#include "server/connection.hpp"

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

#include <braid/core/error.hpp>
#include <braid/net/tls.hpp>

namespace braid::http {

namespace {

constexpr std::size_t small_body = 16 * 1024;       // up to here a copy is cheaper than a second buffer in the send
constexpr std::size_t kept_output = 64 * 1024;      // room that stays with the connection
constexpr std::uint64_t skipped_body = 256 * 1024;  // of a body the handler did not want: read on rather than reconnect
constexpr std::size_t linger_bytes = 1 << 20;
constexpr duration linger_time = std::chrono::seconds(2);

request_limits parser_limits(const server_limits& from) {
  request_limits out;
  out.line_bytes = from.line_bytes;
  out.header_bytes = from.header_bytes;
  out.header_count = from.header_count;
  out.body_bytes = from.body_bytes;
  return out;
}

}  // namespace

server_connection::server_connection(std::unique_ptr<net::transport> stream,
                                     std::shared_ptr<const server_shared> shared,
                                     const boost::asio::any_io_executor& executor)
    : parser_holder(parser_limits(shared->options.limits)),
      server_request(parser_.head()),
      stream_(std::move(stream)),
      shared_(std::move(shared)),
      executor_(executor),
      timers_(timer_queue::of(executor)) {
  deadline_.owner = this;
}

server_connection::~server_connection() = default;

// --- time ------------------------------------------------------------------------------------------------------------

void server_connection::enter(phase what) {
  if (what == phase_ && what == phase::header) return;  // the bound is on the whole head: a trickle does not extend it
  phase_ = what;
  expired_ = phase::none;
  const server_timeouts& t = shared_->options.timeouts;
  duration bound{};
  switch (what) {
    case phase::none:
      deadline_.disarm();
      return;
    case phase::handshake:
      bound = t.handshake;
      break;
    case phase::idle:
      bound = t.idle;
      break;
    case phase::header:
      bound = t.header;
      break;
    case phase::body:
      bound = t.body;
      break;
    case phase::handler:
      bound = t.handler;
      break;
    case phase::write:
      bound = t.write;
      break;
    case phase::linger:
      bound = linger_time;
      break;
  }
  deadline_.arm(timers_, timers_.now() + bound, &server_connection::expired);
}

void server_connection::expired(timer& which) {
  server_connection& self = *static_cast<deadline&>(which).owner;
  self.expired_ = self.phase_;
  if (self.phase_ == phase::handler || self.phase_ == phase::handshake) {
    self.abort();
  } else {
    self.stream_->cancel();
  }
}

void server_connection::drain() {
  draining_ = true;
  if (phase_ == phase::idle) stream_->cancel();
}

void server_connection::abort() {
  aborted_ = true;
  if (stream_) stream_->close();  // during a TLS handshake there is none
  abort_.emit(boost::asio::cancellation_type::terminal);
}

// --- reading ---------------------------------------------------------------------------------------------------------

request_parser::event server_connection::parse() {
  const auto what = parser_.parse(input_.view());
  input_.consume(parser_.consumed());
  return what;
}

/// False at the end of the stream, and when the phase's time is over.
boost::asio::awaitable<bool> server_connection::read_more(phase why) {
  enter(why);
  co_await read_.read_some(*stream_, input_);
  if (!read_.result.ok()) co_return false;
  input_.commit(read_.result.size);
  co_return true;
}

boost::asio::awaitable<std::string_view> server_connection::read_some() {
  while (!body_done_) {
    const auto what = parse();
    switch (what) {
      case request_parser::event::body:
        continue_owed_ = false;
        co_return parser_.body();
      case request_parser::event::head:
        break;
      case request_parser::event::complete:
        body_done_ = true;
        break;
      case request_parser::event::failed: {
        body_failure_ = parser_.status();
        const std::string reason(parser_.reason());
        if (parser_.status() == 413) throw limit_error("request: " + reason);
        throw protocol_error("request: " + reason);
      }
      case request_parser::event::need_more: {
        if (continue_owed_) {
          continue_owed_ = false;
          const std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
          const std::array<boost::asio::const_buffer, 1> pieces{boost::asio::buffer(go_on.data(), go_on.size())};
          const bool sent = co_await send(pieces);
          if (!sent) throw connection_lost("request: connection lost before its body");
        }
        const bool more = co_await read_more(phase::body);
        const bool late = expired_ == phase::body;
        enter(phase::handler);
        if (more) break;
        body_failure_ = late ? 408 : 400;
        if (late) throw timeout_error("request: its body stopped coming", "body");
        throw connection_lost("request: connection lost in its body");
      }
    }
  }
  co_return std::string_view{};
}

/// Reads what the handler left of the body, up to a bound. False: the connection cannot go on.
boost::asio::awaitable<bool> server_connection::skip_body() {
  if (body_done_) co_return true;
  if (body_failure_ != 0 || continue_owed_) co_return false;
  std::uint64_t skipped = 0;
  for (;;) {
    switch (parse()) {
      case request_parser::event::complete:
        co_return true;
      case request_parser::event::failed:
        co_return false;
      case request_parser::event::head:
        break;
      case request_parser::event::body:
        skipped += parser_.body().size();
        if (skipped > skipped_body) co_return false;
        break;
      case request_parser::event::need_more: {
        const bool more = co_await read_more(phase::body);
        if (!more) co_return false;
      }
    }
  }
}

// --- the conversation ------------------------------------------------------------------------------------------------

boost::asio::awaitable<void> server_connection::run() {
  try {
    if (shared_->options.tls) co_await shake_hands();
    co_await serve();
  } catch (...) {
    // Nothing is left to tell it to: the peer is gone, or this server is cutting the connection off.
  }
  enter(phase::none);
  if (stream_) stream_->close();
}

boost::asio::awaitable<void> server_connection::shake_hands() {
  enter(phase::handshake);
  stream_ = co_await net::tls_accept(std::move(stream_), *shared_->options.tls);
}

boost::asio::awaitable<void> server_connection::serve() {
  for (;;) {
    switch (parse()) {
      case request_parser::event::need_more: {
        if (draining_ && parser_.idle()) co_return co_await say_goodbye(false);
        const bool more = co_await read_more(parser_.idle() ? phase::idle : phase::header);
        if (more) break;
        if (expired_ == phase::header) co_return co_await refuse(408, "the request's header did not come in time");
        co_return co_await say_goodbye(false);
      }
      case request_parser::event::failed:
        co_return co_await refuse(parser_.status(), parser_.reason());
      case request_parser::event::head: {
        const bool again = co_await answer();
        if (!again) co_return;
        parser_.next();
        break;
      }
      case request_parser::event::body:
      case request_parser::event::complete:
        co_return;  // answer() has read them
    }
  }
}

/// True when the connection goes on with the next request.
boost::asio::awaitable<bool> server_connection::answer() {
  ++requests_;
  body_done_ = !has_body();
  if (body_done_) parse();  // moves the parser to the end of the message
  body_failure_ = 0;
  continue_owed_ = head_.expects_continue && !body_done_;
  enter(phase::handler);
  reply out = co_await call_handler();

  if (out.reset_) {
    stream_->reset();
    co_return false;
  }
  if (out.raw_) {
    co_await out.raw_(*stream_);
    co_return false;
  }
  const bool keep = parser_.head().keep_alive && !draining_ && body_failure_ == 0 && !continue_owed_ &&
                    requests_ < shared_->options.limits.requests;
  const auto how = reply_encoder::decide(out, method(), version(), keep);
  const bool sent = co_await send_reply(out, how);
  if (!sent) co_return false;
  const bool rest_read = co_await skip_body();
  if (how.keep_alive && rest_read) co_return true;
  co_await say_goodbye(!rest_read);
  co_return false;
}

boost::asio::awaitable<reply> server_connection::call_handler() {
  std::exception_ptr failure;
  try {
    reply out = co_await shared_->handler(*this);
    co_return out;
  } catch (...) {
    failure = std::current_exception();
  }
  if (aborted_ || is_cancelled(failure)) std::rethrow_exception(failure);
  co_return failure_reply(failure);
}

reply server_connection::failure_reply(const std::exception_ptr& failure) {
  const int status = body_failure_ != 0 ? body_failure_ : 500;
  if (status == 500 && shared_->options.on_error) shared_->options.on_error(target(), failure);
  // What went wrong inside is no business of the peer's.
  return reply(status, std::string(reason_phrase(status)) + "\n", "text/plain; charset=utf-8");
}

boost::asio::awaitable<bool> server_connection::send(std::span<const boost::asio::const_buffer> pieces) {
  enter(phase::write);
  co_await write_.write(*stream_, pieces);
  co_return write_.result.ok();
}

boost::asio::awaitable<bool> server_connection::send_reply(reply& answer, const reply_encoder::plan& how) {
  output_.clear();
  encoder_.head(output_, answer, how, version(), std::time(nullptr));
  const bool has_body = method() != "HEAD" && how.body != reply_encoder::framing::none;
  if (has_body && answer.stream_) {
    framing_ = how.body;
    stream_left_ = answer.length_.value_or(0);
    co_await answer.stream_(static_cast<reply_stream&>(*this));
    if (framing_ == reply_encoder::framing::chunked) {
      output_ += reply_encoder::last_chunk;
    } else if (framing_ == reply_encoder::framing::length && stream_left_ > 0) {
      co_return false;  // the peer must see that the body is cut off
    }
    if (output_.empty()) co_return true;
  }
  std::array<boost::asio::const_buffer, 2> pieces;
  std::size_t count = 1;
  if (has_body && !answer.stream_) {
    const std::string_view body = answer.body();
    if (body.size() <= small_body) {
      output_ += body;
    } else {
      pieces[count++] = boost::asio::const_buffer(body.data(), body.size());
    }
  }
  pieces[0] = boost::asio::const_buffer(output_.data(), output_.size());
  const std::span<const boost::asio::const_buffer> all(pieces.data(), count);
  const bool sent = co_await send(all);
  if (output_.capacity() > kept_output) {
    output_.clear();
    output_.shrink_to_fit();
  }
  co_return sent;
}

/// reply_stream: the head goes out with the first piece.
boost::asio::awaitable<void> server_connection::write(std::string_view piece) {
  if (piece.empty() && output_.empty()) co_return;
  const bool chunked = framing_ == reply_encoder::framing::chunked && !piece.empty();
  if (framing_ == reply_encoder::framing::length) {
    if (piece.size() > stream_left_) throw invalid_argument("reply: a stream wrote more than the length it named");
    stream_left_ -= piece.size();
  }
  if (chunked) reply_encoder::chunk_begin(output_, piece.size());
  const std::array<boost::asio::const_buffer, 3> pieces{
      boost::asio::const_buffer(output_.data(), output_.size()), boost::asio::const_buffer(piece.data(), piece.size()),
      boost::asio::const_buffer(reply_encoder::chunk_end.data(), chunked ? reply_encoder::chunk_end.size() : 0)};
  const bool sent = co_await send(pieces);
  output_.clear();
  if (!sent) {
    if (expired_ == phase::write) throw timeout_error("reply: the peer stopped reading", "write");
    throw connection_lost("reply: the peer has gone");
  }
  enter(phase::handler);
}

boost::asio::awaitable<void> server_connection::refuse(int status, std::string_view reason) {
  expired_ = phase::none;
  reply answer(status, std::string(reason) + "\n", "text/plain; charset=utf-8");
  reply_encoder::plan how;
  how.body = reply_encoder::framing::length;
  output_.clear();
  encoder_.head(output_, answer, how, 11, std::time(nullptr));
  output_ += answer.body();
  const std::array<boost::asio::const_buffer, 1> pieces{boost::asio::const_buffer(output_.data(), output_.size())};
  const bool sent = co_await send(pieces);
  if (sent) co_await say_goodbye(true);
}

/// Closes so that the peer gets the last reply. A socket closed while unread bytes wait in it sends a reset, which
/// can overtake the reply: `linger` reads on until the peer has closed too, within bounds.
boost::asio::awaitable<void> server_connection::say_goodbye(bool linger) {
  enter(phase::linger);
  co_await write_.shutdown_send(*stream_);
  std::size_t read = 0;
  while (linger && write_.result.ok() && read < linger_bytes) {
    input_.consume(input_.view().size());
    co_await read_.read_some(*stream_, input_);
    if (!read_.result.ok()) break;
    input_.commit(read_.result.size);
    read += read_.result.size;
  }
}

}  // namespace braid::http
