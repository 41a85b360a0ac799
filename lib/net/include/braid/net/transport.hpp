#pragma once

#include <braid/net/operation.hpp>
#include <memory>
#include <string>

namespace braid::net {

/// A stream of bytes to a peer: TCP, Unix socket, TLS, in memory.
///
/// At most one read and one write may be under way at a time. End of stream is the error boost::asio::error::eof.
/// Lifetime: may be destroyed while operations are pending; they end with operation_aborted. Buffers, and the list of
/// buffers, stay valid until the operation has ended.
/// Threads: one at a time; operations complete in the executor of the coroutine that waits for them, which may be a
/// strand over the transport's io_context.
/// Cancellation: of the waiting coroutine, or cancel(). What a cancelled write has sent is sent: close the stream.
class transport {
 public:
  transport() = default;
  transport(const transport&) = delete;
  transport& operator=(const transport&) = delete;
  virtual ~transport() = default;

  /// Waits for bytes, at least one, and reads as many as there are and fit. On a hot path use io_wait, which has no
  /// coroutine frame.
  boost::asio::awaitable<io_result> read_some(boost::asio::mutable_buffer into);

  /// Writes all of the buffers, or fails.
  boost::asio::awaitable<io_result> write(std::span<const boost::asio::const_buffer> buffers);
  boost::asio::awaitable<io_result> write(boost::asio::const_buffer buffer);

  /// Says to the peer that nothing follows: TCP's half close; TLS's close_notify as well.
  boost::asio::awaitable<io_result> shutdown_send();

  /// Ends what is pending with operation_aborted. The stream stays open.
  virtual void cancel() noexcept = 0;

  /// Closes without a farewell (see shutdown_send). What is pending ends with operation_aborted.
  virtual void close() noexcept = 0;

  /// As close(), and the peer sees a failure (TCP: a reset) where the stream has a way to say so.
  virtual void reset() noexcept { close(); }
  virtual bool is_open() const noexcept = 0;

  /// For a connection that rests in a pool: true when the peer has neither closed it nor sent anything unasked.
  virtual bool is_quiet() noexcept = 0;

  /// Where the stream leads, for messages: "127.0.0.1:443".
  virtual std::string peer_description() const = 0;

  /// Its own end, likewise; empty where it has no address.
  virtual std::string local_description() const { return {}; }

  /// The protocol that TLS's ALPN chose: "h2", "http/1.1"; empty when none was.
  virtual std::string_view application_protocol() const noexcept { return {}; }

  /// TLS of a client that verifies: the peer's certificate is good for this host as well, a name or a numeric address.
  virtual bool is_good_for(std::string_view) const { return false; }

  /// TLS: the certificates that the peer showed, its own first, each in PEM. Empty without TLS.
  virtual std::vector<std::string> peer_certificates() const { return {}; }

  /// TLS took up an earlier session instead of shaking hands in full.
  virtual bool resumed_session() const noexcept { return false; }

  // For those who write transports. try_... does what can be done without waiting and returns true when that ends the
  // operation, with op.result set. After false, start_... has the rest done and completes `op` later.

  /// Whether reads look at operation::room; the others are given `into` from the start.
  virtual bool takes_room_late() const noexcept { return false; }
  virtual bool try_read(operation& op) = 0;
  virtual void start_read(operation& op) = 0;
  virtual bool try_write(operation& op) = 0;
  virtual void start_write(operation& op) = 0;
  virtual bool try_shutdown(operation& op) = 0;
  virtual void start_shutdown(operation& op) = 0;

  /// Has `op` end with operation_aborted, if it is still pending, and no other.
  virtual void cancel(operation& op) noexcept = 0;
};

inline io_wait::starter io_wait::read_some(transport& stream, boost::asio::mutable_buffer buffer) {
  stream_ = &stream;
  kind_ = kind::read;
  into = buffer;
  room = nullptr;
  result = {};
  return starter(*this);
}

inline io_wait::starter io_wait::read_some(transport& stream, late_buffer& late) {
  stream_ = &stream;
  kind_ = kind::read;
  late.put_back();
  const bool waits = stream.takes_room_late();
  into = waits ? boost::asio::mutable_buffer() : late.take();
  room = waits ? &late : nullptr;
  result = {};
  return starter(*this);
}

inline io_wait::starter io_wait::write(transport& stream, std::span<const boost::asio::const_buffer> buffers) {
  stream_ = &stream;
  kind_ = kind::write;
  from = buffers;
  result = {};
  return starter(*this);
}

inline io_wait::starter io_wait::shutdown_send(transport& stream) {
  stream_ = &stream;
  kind_ = kind::shutdown;
  from = {};
  result = {};
  return starter(*this);
}

}  // namespace braid::net
