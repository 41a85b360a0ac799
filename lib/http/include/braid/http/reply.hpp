#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace braid::net {
class transport;
}

namespace braid::http {

/// Where a streaming reply writes its body. Sent as chunks unless the reply named a length.
///
/// Cancellation: a cancelled write leaves the connection unusable; the server closes it.
class reply_stream {
 public:
  virtual ~reply_stream() = default;
  /// Sends a piece; returns when the kernel has taken it, so that a slow reader slows the writer down.
  /// Throws connection_lost when the peer has gone, timeout_error when it takes nothing for limits.write.
  virtual boost::asio::awaitable<void> write(std::string_view piece) = 0;
};

/// What a handler answers. A value: build it, return it.
///
///     co_return reply::html(page).header("Cache-Control", "no-store");
class reply {
 public:
  using stream_body = std::function<boost::asio::awaitable<void>(reply_stream&)>;
  using raw_body = std::function<boost::asio::awaitable<void>(net::transport&)>;

  explicit reply(int status = 200) : status_(status) {}
  reply(int status, std::string body, std::string_view type);
  static reply text(std::string body) { return {200, std::move(body), "text/plain; charset=utf-8"}; }
  static reply html(std::string body) { return {200, std::move(body), "text/html; charset=utf-8"}; }
  /// `body` is JSON already.
  static reply json(std::string body) { return {200, std::move(body), "application/json"}; }
  static reply redirect(std::string_view location, int status = 302);

  /// Throws invalid_argument for a name or value that may not stand in a header, and for the headers that the server
  /// writes itself: Content-Length, Transfer-Encoding, Connection, Date.
  reply& header(std::string_view name, std::string_view value) &;
  reply&& header(std::string_view name, std::string_view value) &&;

  reply& status(int code) &;
  reply& body(std::string text) &;
  /// Bytes that live elsewhere and are sent from there; `owner` keeps them alive.
  reply& body(std::shared_ptr<const void> owner, std::string_view text) &;
  /// Writes the body piece by piece, after the head. With `length` that many bytes must be written, else chunks are
  /// sent (to an HTTP/1.0 peer: bytes until the end of the connection).
  reply& stream(stream_body writer, std::optional<std::uint64_t> length = {}) &;
  /// Ends the connection after this reply.
  reply& close() &;

  /// Hands the connection over: nothing is sent but what `writer` sends, and the connection closes when it returns.
  /// For tests and for origins that misbehave. Over HTTP/2 the stream is reset, and the client told to ask over
  /// HTTP/1.1.
  static reply raw(raw_body writer);
  /// Resets the connection (RST, where the transport has such a thing) without an answer.
  static reply reset();

  int status() const { return status_; }
  std::string_view body() const { return owner_ ? shared_ : std::string_view(text_); }

 private:
  friend class reply_encoder;
  friend class server_connection;
  friend class h2_exchange;

  int status_ = 200;
  bool close_ = false;
  bool reset_ = false;
  std::string fields_;  // header lines, ready to send
  std::string text_;
  std::shared_ptr<const void> owner_;
  std::string_view shared_;
  stream_body stream_;
  std::optional<std::uint64_t> length_;
  raw_body raw_;
};

}  // namespace braid::http
