#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include <braid/core/clock.hpp>

namespace braid::http {

/// A step on the way of a request.
enum class request_phase : std::uint8_t {
  begin,       ///< it was made
  queue,       ///< it waited for a connection to become free
  resolve,     ///< of a new connection: the name
  connect,     ///< of a new connection: until one of the addresses accepted
  tls,         ///< of a new connection: the handshake
  send,        ///< the head is on its way, and a large or streamed body has left
  first_byte,  ///< the head of a response came, of each redirect too
  body,        ///< the body came, all of it
  failed,      ///< there will be no response, or no more of its body; told once
};

/// "first_byte"
std::string_view to_string(request_phase phase) noexcept;

/// Says that a phase of a request has ended.
struct request_event {
  request_event() = default;

  request_phase phase = request_phase::begin;
  duration took{};            ///< by this phase alone
  duration since_begin{};     ///< by all so far
  std::uint64_t request = 0;  ///< its number; a retry is a request of its own
  std::string_view method;
  std::string_view url;     ///< of the present hop, without user and password
  int status = 0;           ///< with first_byte and body
  bool reused = false;      ///< with send and later: the connection had been used before
  std::string_view reason;  ///< with failed: the failure in words
};

/// Called on the request's context, from within it; views live until it returns. It may not throw.
using event_function = std::function<void(const request_event&)>;

}  // namespace braid::http
