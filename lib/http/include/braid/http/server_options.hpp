#pragma once

#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <optional>
#include <string_view>

#include <braid/core/clock.hpp>
#include <braid/net/tls_options.hpp>

namespace braid::http {

/// What a server allows its peers.
struct server_limits {
  std::size_t line_bytes = 16 * 1024;    ///< request line; over it 414
  std::size_t header_bytes = 64 * 1024;  ///< request line and headers; over it 431
  std::size_t header_count = 128;        ///< over it 431
  std::uint64_t body_bytes = 16u << 20;  ///< over it 413
  std::uint32_t body_rate = 250;     ///< bytes a second of a body, after a first timeouts.body; below it 408; 0: none
  std::size_t connections = 10'000;  ///< on each context; more wait in the kernel's queue
  std::size_t requests = 1'000'000;  ///< on one connection, then it closes
  std::uint32_t streams = 100;       ///< requests at once on a connection of HTTP/2
};

/// How long a server waits. None can be switched off; each has a bound.
struct server_timeouts {
  duration handshake = std::chrono::seconds(10);  ///< TLS
  duration idle = std::chrono::seconds(75);       ///< between requests
  duration header = std::chrono::seconds(15);     ///< from a request's first byte to the end of its headers
  duration body = std::chrono::seconds(30);       ///< between two pieces of a request's body
  duration handler = std::chrono::minutes(5);     ///< for the handler to reply
  duration write = std::chrono::seconds(30);      ///< for the peer to take any part of a reply
  duration drain = std::chrono::seconds(10);      ///< after serve() was cancelled, for what is in flight
};

struct server_options {
  server_limits limits;
  server_timeouts timeouts;
  /// Speaks TLS, with the certificate that these options name; without them, plain HTTP.
  std::optional<net::tls_options> tls;
  /// Speaks HTTP/2 with those who want it: over TLS by ALPN, unless `tls` names protocols of its own; without TLS with
  /// clients that begin with it (prior knowledge; RFC 9113, 3.3).
  bool http2 = false;
  /// Told about each handler that threw, once the peer has its 500. Called on the connection's context.
  std::function<void(std::string_view target, std::exception_ptr failure)> on_error;

  /// Called once all listeners are open.
  std::function<void()> on_listening;

  server_options() = default;
};

}  // namespace braid::http
