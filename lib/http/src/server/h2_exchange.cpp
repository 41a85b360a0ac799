#include "server/h2_exchange.hpp"

#include <braid/core/error.hpp>
#include <braid/runtime/timeout.hpp>
#include <ctime>

#include "server/connection.hpp"

namespace braid::http {

namespace asio = boost::asio;

/// Until something about the stream has changed. Throws timeout_error.
asio::awaitable<void> h2_exchange::wait(duration limit) {
  auto change = [](h2_server_stream& of) -> asio::awaitable<void> { co_await of.changed.wait(); };
  auto waiting = with_timeout(limit, change(stream_));
  co_await std::move(waiting);
}

// --- the request's body ----------------------------------------------------------------------------------------------

asio::awaitable<std::string_view> h2_exchange::read_some() {
  for (;;) {
    if (stream_.body_too_large) {
      body_failure_ = 413;
      throw limit_error("request: the body is too large");
    }
    if (!stream_.body.empty()) {
      piece_.clear();
      piece_.swap(stream_.body);
      on_.session_.consumed(stream_, piece_.size());
      on_.pump();
      co_return piece_;
    }
    if (stream_.ended) co_return std::string_view{};
    if (stream_.closed) {
      body_failure_ = 400;
      throw connection_lost("request: reset in its body");
    }
    if (stream_.head.expects_continue && stream_.body_bytes == 0) {
      stream_.head.expects_continue = false;
      on_.session_.go_on(stream_);
      on_.pump();
    }
    bool late = false;
    const time_point begin = on_.timers_.now();
    const auto before = stream_.body_bytes;
    try {
      co_await wait(body_pace_.bound());
    } catch (const timeout_error&) {
      late = true;
    }
    body_pace_.waited(on_.timers_.now() - begin);
    body_pace_.received(stream_.body_bytes - before);
    if (late) {
      body_failure_ = 408;
      throw timeout_error("request: its body stopped coming", "body");
    }
  }
}

// --- the reply -------------------------------------------------------------------------------------------------------

asio::awaitable<void> h2_exchange::run() {
  if (stream_.refusal != 0) {
    reply refused(stream_.refusal, std::string(reason_phrase(stream_.refusal)) + "\n", "text/plain; charset=utf-8");
    co_return co_await send_reply(refused);
  }
  auto made = with_timeout(on_.shared_.options.timeouts.handler, call_handler(), "handler");
  reply out = co_await std::move(made);
  if (out.reset_ || out.raw_) {
    // A connection that serves others cannot be handed over: over HTTP/1.1 it could.
    on_.session_.reset(stream_, out.raw_ != nullptr);
    co_return on_.pump();
  }
  co_await send_reply(out);
  if (out.close_) on_.drain();
}

asio::awaitable<reply> h2_exchange::call_handler() {
  std::exception_ptr failure;
  try {
    reply out = co_await on_.shared_.handler(*this);
    co_return out;
  } catch (...) {
    failure = std::current_exception();
  }
  if (is_cancelled(failure)) std::rethrow_exception(failure);
  const int status = body_failure_ != 0 ? body_failure_ : 500;
  if (status == 500 && on_.shared_.options.on_error) on_.shared_.options.on_error(target(), failure);
  co_return reply(status, std::string(reason_phrase(status)) + "\n", "text/plain; charset=utf-8");
}

asio::awaitable<void> h2_exchange::send_reply(reply& answer) {
  fields_.clear();
  const auto how = reply_encoder::decide(answer, method(), 20, true);
  on_.encoder_.fields(fields_, answer, how, std::time(nullptr));
  if (how.body == reply_encoder::framing::none || method() == "HEAD") {
    on_.session_.respond(stream_, answer.status(), fields_, {}, true);
    co_return on_.pump();
  }
  if (!answer.stream_) {
    on_.session_.respond(stream_, answer.status(), fields_, answer.body(), true);
    co_return co_await sent();
  }
  status_ = answer.status();
  has_length_ = answer.length_.has_value();
  left_ = answer.length_.value_or(0);
  co_await answer.stream_(static_cast<reply_stream&>(*this));
  if (has_length_ && left_ > 0) co_return;  // close() resets it: the client must see that the body is cut off
  if (status_ != 0) {
    on_.session_.respond(stream_, status_, fields_, {}, true);
  } else {
    on_.session_.send(stream_, {}, true);
  }
  co_await sent();
}

/// reply_stream: the head goes out with the first piece.
asio::awaitable<void> h2_exchange::write(std::string_view piece) {
  if (piece.empty() && status_ == 0) co_return;
  if (has_length_) {
    if (piece.size() > left_) throw invalid_argument("reply: a stream wrote more than the length it named");
    left_ -= piece.size();
  }
  if (status_ != 0) {
    on_.session_.respond(stream_, status_, fields_, piece, false);
    status_ = 0;
  } else {
    on_.session_.send(stream_, piece, false);
  }
  co_await sent();
  if (stream_.closed) throw connection_lost("reply: the peer has gone");
}

/// Until the session has sent what it was given, each part within the time.
asio::awaitable<void> h2_exchange::sent() {
  on_.pump();
  for (;;) {
    if (stream_.closed || (stream_.outgoing.empty() && stream_.sent_end == stream_.last)) co_return;
    const auto before = stream_.outgoing.size();
    bool late = false;
    try {
      co_await wait(on_.shared_.options.timeouts.write);
    } catch (const timeout_error&) {
      late = true;
    }
    if (late && stream_.outgoing.size() == before && !stream_.closed) {
      throw timeout_error("reply: the peer stopped reading", "write");
    }
  }
}

}  // namespace braid::http
