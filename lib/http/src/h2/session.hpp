#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include <braid/runtime/detail/list.hpp>

#include "h2/request_head.hpp"
#include "h2/stream.hpp"

namespace braid::http::h2 {

struct session_limits {
  std::size_t header_bytes = 64 * 1024;   ///< of a response's header, names and values, or of its trailers
  std::size_t header_count = 256;         ///< fields of one
  std::size_t informational = 32;         ///< 1xx responses before the final one
  std::uint32_t stream_window = 1 << 20;  ///< bytes of a body that may wait for a slow reader
  std::uint32_t streams = 100;            ///< at once, and fewer where the server says so
  /// Frames in a row that bring no response on: an endless PING, SETTINGS, CONTINUATION, or empty DATA.
  std::size_t idle_frames = 10000;
};

/// How a connection comes to HTTP/2: from its first byte, or from HTTP/1.1 with a request under way (RFC 7540, 3.2).
enum class beginning : std::uint8_t { usual, upgraded, upgraded_by_head };

/// What a request says that asks for the latter: header lines, each with its CR LF.
std::string upgrade_lines();

/// Sans-io client side of an HTTP/2 connection (RFC 9113), on nghttp2: bytes in, changed streams out; what is to be
/// sent is collected and taken in one piece.
///
///     session.open(stream, head, {}, true);
///     session.output(bytes, 65536);            // send them
///     session.receive(bytes_from_the_server);
///     while (stream* changed = session.take_changed()) changed->next();
///
/// The window of the connection is opened as bytes come in, that of a stream as its user reads: a slow reader holds up
/// its own stream and no other. Server push is refused.
class session {
 public:
  explicit session(const session_limits& limits, beginning how = beginning::usual);
  ~session();
  session(const session&) = delete;
  session& operator=(const session&) = delete;

  /// Begins a request. `body` stays where it is until stream.all_sent(); more may follow unless `last`. False when the
  /// connection takes no more requests; then the stream is as it was.
  bool open(stream& on, const request_head& head, std::string_view body, bool last);
  /// Of an upgraded connection, once: the request that was made over HTTP/1.1, whose response comes as this stream.
  void adopt(stream& on);
  /// Its user is done with a stream: what is not complete is reset, and the rest of the connection does not notice.
  void close(stream& done) noexcept;

  /// Bytes from the server. False when the connection is over, for the reason in reason(); all streams have failed. A
  /// mistake of the server may end it by way of output(), which takes the farewell along.
  bool receive(std::string_view bytes);
  /// Nothing follows from the server: streams that are not complete fail with `reason`.
  void end(std::string_view reason);
  /// Appends frames to `out` until it holds `most` bytes or nothing is left. False when the connection is over.
  bool output(std::string& out, std::size_t most);
  bool wants_output() const;

  /// A stream that next() has news of, or whose body has been sent; each once. Null when there is none.
  stream* take_changed() { return changed_.pop_front(); }

  /// Asks the server for a sign of life, which counts in pings_answered().
  void ping();
  std::uint64_t pings_answered() const noexcept { return pings_answered_; }

  std::size_t active() const noexcept { return streams_.size(); }
  /// How many requests there may be at once: the limit, or what the server allows where that is less.
  std::size_t capacity() const;
  /// The server has said that it takes no more requests (GOAWAY), or the connection is over.
  bool draining() const noexcept { return draining_ || over_; }
  bool over() const noexcept { return over_; }
  std::string_view reason() const noexcept { return reason_; }

 private:
  friend class stream;
  struct impl;  // what nghttp2 calls

  stream* find(std::int32_t id) const;
  void changed(stream& which) { changed_.push_back(which); }
  void consumed(const stream& which, std::size_t bytes);
  void resume(const stream& which);
  std::string broken_rules() const;
  void refuse_behind(std::int32_t last);
  void fail_all(stream::fault why, std::string reason);

  session_limits limits_;
  std::unique_ptr<impl> impl_;
  std::map<std::int32_t, stream*> streams_;
  braid::detail::list<stream> changed_;
  std::string reason_;
  std::string mistake_;  // the last one of the peer
  std::size_t idle_frames_ = 0;
  std::uint64_t pings_answered_ = 0;
  beginning how_;
  bool settled_ = false;  // the server's SETTINGS are known
  bool draining_ = false;
  bool over_ = false;
};

}  // namespace braid::http::h2
