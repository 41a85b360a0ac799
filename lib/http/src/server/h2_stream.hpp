#pragma once

#include <braid/runtime/waiter.hpp>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "server/request_parser.hpp"

namespace braid::http {

/// One request of an HTTP/2 connection and how far its response has come. The session fills it and wakes who waits.
struct h2_server_stream {
  h2_server_stream() = default;

  std::int32_t id = 0;
  request_head head;
  int refusal = 0;  ///< the status that answers it without a handler; 0 for none

  std::string body;              ///< received and not taken
  std::uint64_t body_bytes = 0;  ///< received in all
  bool body_too_large = false;
  bool ended = false;   ///< the client has said all
  bool closed = false;  ///< no frame of it follows, in either direction

  bool responded = false;
  std::string_view outgoing;  ///< handed to the session and not sent
  bool last = false;          ///< nothing follows it
  bool sent_end = false;

  waiter changed;  ///< a piece of the body has come or gone, or the stream has closed

  std::size_t header_bytes = 0, header_count = 0;
  std::string scheme, cookie;
};

}  // namespace braid::http
