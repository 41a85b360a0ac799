#include <braid/core/error.hpp>

#include "server/connection.hpp"

// What a connection reads: the bytes, and the bodies of requests.

namespace braid::http {

namespace {

constexpr std::uint64_t skipped_body = 256 * 1024;  // of a body the handler did not want: read on rather than reconnect

}  // namespace

request_parser::event server_connection::parse() {
  const auto what = parser_.parse(input_.view());
  input_.consume(parser_.consumed());
  return what;
}

/// False at the end of the stream, and when the phase's time is over.
boost::asio::awaitable<bool> server_connection::read_more(phase why) {
  enter(why);
  const time_point begin = timers_.now();
  co_await read_.read_some(*stream_, input_);
  if (!read_.result.ok()) co_return false;
  input_.commit(read_.result.size);
  if (why == phase::body) {
    body_pace_.waited(timers_.now() - begin);
    body_pace_.received(read_.result.size);
  }
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

}  // namespace braid::http
