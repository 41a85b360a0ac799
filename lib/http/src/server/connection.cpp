#include "server/connection.hpp"

#include <braid/core/error.hpp>
#include <braid/net/tls.hpp>

#include "server/h2_connection.hpp"

namespace braid::http {

namespace {

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
      timers_(timer_queue::of(executor)),
      body_pace_(shared_->options.timeouts.body, shared_->options.limits.body_rate) {
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
      bound = body_pace_.bound();
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
  if (h2_) {
    h2_->drain();
  } else if (phase_ == phase::idle) {
    stream_->cancel();
  }
}

void server_connection::abort() {
  aborted_ = true;
  if (stream_) stream_->close();  // during a TLS handshake there is none
  abort_.emit(boost::asio::cancellation_type::terminal);
}

// --- the conversation ------------------------------------------------------------------------------------------------

boost::asio::awaitable<void> server_connection::run() {
  try {
    if (shared_->options.tls) co_await shake_hands();
    const opening how = co_await begin();
    if (how == opening::http2) co_await serve_http2();
    if (how == opening::http1) co_await serve();
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

/// With TLS ALPN has decided. Without, HTTP/2 shows by its first bytes, which no request of HTTP/1.1 begins with.
boost::asio::awaitable<server_connection::opening> server_connection::begin() {
  if (!shared_->options.http2) co_return opening::http1;
  if (shared_->options.tls) {
    co_return stream_->application_protocol() == "h2" ? opening::http2 : opening::http1;
  }
  constexpr auto preface = h2_server_connection::preface;
  for (;;) {
    const auto here = input_.view().substr(0, preface.size());
    if (here == preface) co_return opening::http2;
    if (!preface.starts_with(here) || draining_) co_return opening::http1;
    const bool more = co_await read_more(here.empty() ? phase::idle : phase::header);
    if (more) continue;
    if (expired_ == phase::header) {
      co_await refuse(408, "the request's header did not come in time");
    } else {
      co_await say_goodbye(false);
    }
    co_return opening::gone;
  }
}

boost::asio::awaitable<void> server_connection::serve_http2() {
  enter(phase::none);
  h2_ = std::make_unique<h2_server_connection>(*stream_, *shared_, executor_);
  if (draining_) h2_->drain();
  const std::string first(input_.view());
  input_.consume(first.size());
  co_await h2_->run(first);
  co_await say_goodbye(false);
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
  if (body_done_) {
    parse();        // moves the parser to the end of the message
    input_.rest();  // the reply may take for ever: an event stream has no use for room to read into
  }
  body_failure_ = 0;
  body_pace_.begin();
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

}  // namespace braid::http
