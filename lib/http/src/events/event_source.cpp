#include <algorithm>
#include <exception>

#include <braid/core/error.hpp>
#include <braid/http/event_source.hpp>
#include <braid/http/retry.hpp>
#include <braid/runtime/sleep.hpp>

namespace braid::http {

event_source::event_source(client with, request what, const event_source_options& options)
    : client_(std::move(with)), request_(std::move(what)), options_(options), parser_(options.event_bytes) {
  if (!request_.fields().has("Accept")) request_.header("Accept", "text/event-stream");
  if (!request_.fields().has("Cache-Control")) request_.header("Cache-Control", "no-store");
}

/// False when the server says that there is nothing more.
boost::asio::awaitable<bool> event_source::connect() {
  request again = request_;
  if (!parser_.last_id().empty()) again.header("Last-Event-ID", parser_.last_id());
  parser_.reset();
  response_stream made = co_await client_.stream(std::move(again));
  if (made.status() == 204) co_return false;
  made.raise_for_status();
  const std::string type(made.header("Content-Type").value_or(""));
  if (made.status() != 200 || !type.starts_with("text/event-stream")) {
    throw protocol_error(std::string(made.url().without_secrets().str()) + ": the answer, " +
                         std::to_string(made.status()) + " with type \"" + type + "\", is no event stream");
  }
  stream_.emplace(std::move(made));
  co_return true;
}

/// False at the end of the connection.
boost::asio::awaitable<bool> event_source::receive() {
  const std::string_view piece = co_await stream_->read_some();
  if (piece.empty()) co_return false;
  parser_.feed(piece);
  co_return true;
}

boost::asio::awaitable<std::optional<server_event>> event_source::next() {
  for (;;) {
    if (std::optional<server_event> ready = parser_.next()) {
      failures_ = 0;
      co_return ready;
    }
    std::exception_ptr failure;
    try {
      if (!stream_) {
        if (begun_) {
          const duration wait = std::min(parser_.retry().value_or(options_.retry), options_.longest_retry);
          co_await sleep_for(wait);
        }
        begun_ = true;
        const bool more = co_await connect();
        if (!more) co_return std::nullopt;
      }
      const bool more = co_await receive();
      if (more) continue;
    } catch (...) {
      failure = std::current_exception();
    }
    stream_.reset();
    const bool lost = !failure || is_retryable(failure);
    if (!lost) std::rethrow_exception(failure);
    if (++failures_ < options_.attempts) continue;
    if (failure) std::rethrow_exception(failure);
    throw connection_lost(std::string(request_.url().without_secrets().str()) + ": the event stream ended " +
                          std::to_string(failures_) + " times without an event");
  }
}

}  // namespace braid::http
