#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include <braid/core/clock.hpp>
#include <braid/http/client.hpp>
#include <braid/http/request.hpp>
#include <braid/http/response_stream.hpp>

namespace braid::http {

/// What a server sent, as one event.
struct server_event {
  server_event() = default;

  std::string type = "message";
  std::string data;
  std::string id;  ///< the last one that was said, by this event or one before it
};

/// Reads text/event-stream (WHATWG HTML, section 9.2): bytes in, events out.
class event_parser {
 public:
  /// `limit`: of the bytes of one event, and of one line.
  explicit event_parser(std::size_t limit = 1u << 20) : limit_(limit) {}

  /// Throws: limit_error.
  void feed(std::string_view bytes);
  std::optional<server_event> next();

  const std::string& last_id() const noexcept { return last_id_; }
  /// How long the server wants a client to wait before it connects again; empty until it said so.
  std::optional<duration> retry() const noexcept { return retry_; }
  /// The connection has ended: an event that was not finished is none.
  void reset();

 private:
  void take_line(std::string_view line);
  void take_field(std::string_view name, std::string_view value);
  void dispatch();

  std::size_t limit_;
  std::string line_;
  bool skip_newline_ = false;  // after a carriage return
  bool at_start_ = true;       // where a byte order mark may stand
  std::string type_, data_, id_, last_id_;
  std::optional<duration> retry_;
  std::deque<server_event> ready_;
};

struct event_source_options {
  event_source_options() = default;

  duration retry = std::chrono::seconds(3);          ///< before connecting again, until the server says otherwise
  duration longest_retry = std::chrono::minutes(5);  ///< whatever the server says
  unsigned attempts = 10;                            ///< without an event between them; then the failure is thrown
  std::size_t event_bytes = 1u << 20;
};

/// Server-Sent Events: connects, and connects again with Last-Event-ID when the connection is lost.
///
///     http::event_source events(client, http::request("GET", url));
///     while (auto event = co_await events.next()) use(event->data);
///
/// The time between two events is bounded by the client's idle timeout, after which the connection counts as lost:
/// servers send comments to keep it alive.
/// Threads: one context. Cancellation: of next() at any point; the next call connects again.
class event_source {
 public:
  event_source(client with, request what, const event_source_options& options = event_source_options());

  /// The next event; empty when the server has said that there are no more (204 No Content).
  /// Throws: status_error for an answer other than 200, protocol_error for one that is no event stream, and the failure
  /// of the last attempt.
  boost::asio::awaitable<std::optional<server_event>> next();

 private:
  boost::asio::awaitable<bool> connect();
  boost::asio::awaitable<bool> receive();

  client client_;
  request request_;
  event_source_options options_;
  event_parser parser_;
  std::optional<response_stream> stream_;
  unsigned failures_ = 0;
  bool begun_ = false;
};

}  // namespace braid::http
