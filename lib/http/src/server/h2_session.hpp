#pragma once

#include <braid/core/clock.hpp>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "server/flood_meter.hpp"
#include "server/h2_frame_scanner.hpp"
#include "server/h2_stream.hpp"

namespace braid::http {

struct h2_server_limits {
  h2_server_limits() = default;

  std::size_t header_bytes = 64 * 1024;        ///< names and values of a request; over it 431
  std::size_t header_count = 128;              ///< over it 431
  std::uint64_t body_bytes = 16U << 20U;       ///< over it the rest is dropped
  std::uint32_t streams = 100;                 ///< requests at once, those that were reset and still have a handler too
  std::uint32_t stream_window = 256U * 1024U;  ///< bytes of a body that may wait for the handler
  std::int32_t connection_window = 1 << 20;    ///< bytes of all bodies that may; 65,535 at least (RFC 9113, 6.9.2)
  double idle_frames = 1000;                   ///< that bring nothing on, at once, and a tenth of it a second
};

/// Sans-io server side of an HTTP/2 connection (RFC 9113), on nghttp2: bytes in, requests out; what is to be sent is
/// collected and taken in one piece.
///
///     session.receive(bytes_from_the_client, now);
///     while (auto request = session.take_request()) ...
///     session.respond(*request, 200, fields, body, true);
///     session.output(bytes, 65536);            // send them
///     session.close(*request);
///
/// What has come of bodies and no handler has taken is bounded, for each stream and for the connection: a client may
/// send more as consumed() is called (RFC 9113, 5.2).
///
/// Streams are refused beyond the limit, resets included (CVE-2023-44487): one that the client has reset counts as long
/// as somebody works on it. PING, SETTINGS, RST_STREAM, CONTINUATION, frames of unknown types and others that bring
/// nothing on are metered; too many end the connection with ENHANCE_YOUR_CALM (RFC 9113, 10.5).
class h2_server_session {
 public:
  explicit h2_server_session(const h2_server_limits& limits);
  ~h2_server_session();
  h2_server_session(const h2_server_session&) = delete;
  h2_server_session& operator=(const h2_server_session&) = delete;

  /// Bytes from the client. False when nothing more is to be read; output() may have a farewell.
  bool receive(std::string_view bytes, time_point now);
  /// The next request whose head is complete. Null when there is none. close() it before it goes.
  std::unique_ptr<h2_server_stream> take_request();

  /// The handler has taken so much of a body: the client may send as much again.
  void consumed(const h2_server_stream& of, std::size_t bytes);
  /// "100 Continue".
  void go_on(const h2_server_stream& with);
  /// Begins a response. `fields` are header lines, each with its CR LF. `body` stays where it is until
  /// stream.outgoing is empty; more may follow by send() unless `last`.
  void respond(h2_server_stream& on, int status, std::string_view fields, std::string_view body, bool last);
  void send(h2_server_stream& on, std::string_view piece, bool last);
  /// Cuts a stream off. `http1`: the client should ask again over HTTP/1.1 (RFC 9113, 7).
  void reset(h2_server_stream& which, bool http1 = false);
  /// Its handler is done with it: what is not complete is reset.
  void close(h2_server_stream& done) noexcept;

  /// Says that the connection ends soon, and takes requests still (RFC 9113, 6.8).
  void announce_end();
  /// Says which requests were the last ones; takes no more.
  void go_away();

  /// Appends frames to `out` until it holds `most` bytes or nothing is left. False when nothing more follows.
  bool output(std::string& out, std::size_t most);
  bool wants_output() const;

  /// Requests that have a handler, or wait for one.
  std::size_t live() const noexcept { return live_; }
  /// So many there have been.
  std::uint64_t requests() const noexcept { return requests_; }
  /// A request's header has begun and not ended.
  bool in_header() const noexcept { return in_header_; }
  bool over() const noexcept { return over_; }

 private:
  struct impl;  // what nghttp2 calls

  h2_server_stream* find(std::int32_t id) const;
  bool meter(double weight);
  bool meter_frames(std::string_view bytes);
  double weight_of(const h2_frame_scanner::header& frame);
  void give_back(std::size_t bytes) noexcept;

  const h2_server_limits limits_;
  std::unique_ptr<impl> impl_;
  std::map<std::int32_t, h2_server_stream*> streams_;  // that are open
  std::map<std::int32_t, std::unique_ptr<h2_server_stream>> beginning_;
  std::deque<std::unique_ptr<h2_server_stream>> ready_;
  flood_meter meter_;
  h2_frame_scanner scanner_;
  time_point now_{};
  std::size_t live_ = 0;
  std::uint64_t requests_ = 0;
  double window_updates_ = 0;  // that our own data have earned
  bool in_header_ = false;
  bool flooded_ = false;
  bool over_ = false;
};

}  // namespace braid::http
