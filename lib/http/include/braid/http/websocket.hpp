#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <braid/core/clock.hpp>
#include <braid/http/headers.hpp>

namespace braid::http {

/// How a client opens a WebSocket, and what it takes from the other side.
struct websocket_options {
  websocket_options() = default;

  std::vector<std::string> protocols;     ///< offered to the server, the best first (Sec-WebSocket-Protocol)
  headers fields;                         ///< more of the opening request: Origin, Authorization, ...
  std::size_t message_bytes = 16u << 20;  ///< of a received message, decompressed; a larger one is a limit_error
  unsigned control_frames = 100;          ///< pings and pongs in one second; more are a limit_error
  bool compress = false;                  ///< offers permessage-deflate (RFC 7692)
  /// So long may the other side be silent while a message is awaited before it is asked for a sign of life. Empty:
  /// never.
  std::optional<duration> ping_after = std::chrono::seconds(15);
  duration ping_timeout = std::chrono::seconds(5);  ///< without an answer the connection is given up
  std::optional<duration> idle;                     ///< for a message to come, once it is awaited; empty: for ever
  std::optional<duration> send = std::chrono::seconds(30);  ///< without a byte moving while a message is sent
  duration close = std::chrono::seconds(5);                 ///< for the other side to agree to the end
};

struct websocket_message {
  websocket_message() = default;

  std::string data;
  bool text = true;  ///< UTF-8, which has been checked; false: bytes
};

/// Why a connection was closed (RFC 6455, 7.4).
struct websocket_close {
  websocket_close() = default;

  std::uint16_t code = 0;  ///< 1005 where none was said
  std::string reason;
};

class websocket_state;

/// The client's end of a WebSocket (RFC 6455).
///
///     http::websocket chat = co_await client.websocket("wss://example.org/chat");
///     co_await chat.send("hello");
///     while (auto message = co_await chat.receive()) use(message->data);
///
/// Pings of the other side are answered while a message is awaited, one answer at a time: however many come, none is
/// stored.
/// Lifetime: destroyed, it closes the connection without a farewell; close() says goodbye.
/// Threads: the context it came from. Messages may be sent while another coroutine receives; those who send take turns.
class websocket {
 public:
  websocket() noexcept;
  explicit websocket(std::shared_ptr<websocket_state> state) noexcept;
  websocket(websocket&&) noexcept;
  websocket& operator=(websocket&&) noexcept;
  ~websocket();

  /// Returns when the message has been handed to the system.
  /// Cancellation: before its turn nothing is sent; from then on the message goes out all the same.
  /// Throws: timeout_error with phase "send", connection_lost.
  boost::asio::awaitable<void> send(std::string text);
  boost::asio::awaitable<void> send_binary(std::string bytes);

  /// The next message, one coroutine at a time; empty when the other side has closed, as closed() then says.
  /// Cancellation: loses nothing, the next call gets the message.
  /// Throws: connection_lost; limit_error; protocol_error; timeout_error with phase "idle" or "ping".
  boost::asio::awaitable<std::optional<websocket_message>> receive();

  /// Says goodbye and waits for the answer; messages that come meanwhile are lost. Never fails: where there is no
  /// answer the connection is closed without one.
  /// Throws: invalid_argument for a code that may not be sent or a reason over 123 bytes.
  boost::asio::awaitable<void> close();
  boost::asio::awaitable<void> close(std::uint16_t code, std::string reason);

  /// What the other side said when it closed; empty before.
  std::optional<websocket_close> closed() const;
  /// Which of the offered protocols the server chose; empty for none.
  const std::string& protocol() const;
  /// The fields of the server's answer to the opening request.
  const headers& fields() const;

 private:
  websocket_state& state() const;

  std::shared_ptr<websocket_state> state_;
};

}  // namespace braid::http
