#pragma once

#include <openssl/sha.h>

#include <array>
#include <functional>
#include <memory>
#include <string>

#include <braid/core/base64.hpp>
#include <braid/http/websocket.hpp>

#include "client_fixture.hpp"

// The other side of a WebSocket, byte by byte.

namespace websocket_tests {

using namespace client_tests;

inline std::string accept_of(const std::string& request) {
  const std::string name = "Sec-WebSocket-Key: ";
  const std::size_t begin = request.find(name) + name.size();
  const std::string text =
      request.substr(begin, request.find("\r\n", begin) - begin) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  std::array<unsigned char, SHA_DIGEST_LENGTH> digest{};
  SHA1(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  return base64(std::string_view(reinterpret_cast<const char*>(digest.data()), digest.size()));
}

inline std::string switching(const std::string& request, const std::string& more = {}) {
  return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " +
         accept_of(request) + "\r\n" + more + "\r\n";
}

constexpr int text_frame = 0x81, binary_frame = 0x82, close_frame = 0x88, ping_frame = 0x89, pong_frame = 0x8a;

/// A frame as a server sends it, without a mask.
inline std::string frame(int head, const std::string& payload) {
  std::string out(1, static_cast<char>(head));
  if (payload.size() < 126) {
    out += static_cast<char>(payload.size());
  } else {
    out += static_cast<char>(126);
    out += static_cast<char>(payload.size() >> 8);
    out += static_cast<char>(payload.size() & 0xff);
  }
  return out + payload;
}

struct seen_frame {
  int head = 0;
  bool masked = false;
  std::string mask;
  std::string payload;
};

inline awaitable<std::string> read_exactly(wire& from, std::size_t count) {
  std::string out(count, '\0');
  std::size_t filled = 0;
  while (filled < count) {
    const net::io_result got = co_await from.stream().read_some(asio::buffer(out.data() + filled, count - filled));
    if (!got.ok()) co_return std::string();
    filled += got.size;
  }
  co_return out;
}

/// A short frame from the client; head 0 at the end of the connection.
inline awaitable<seen_frame> read_frame(wire& from) {
  seen_frame out;
  const std::string head = co_await read_exactly(from, 2);
  if (head.empty()) co_return out;
  out.head = static_cast<unsigned char>(head[0]);
  out.masked = (head[1] & 0x80) != 0;
  out.mask = co_await read_exactly(from, 4);
  out.payload = co_await read_exactly(from, static_cast<std::size_t>(head[1] & 0x7f));
  for (std::size_t i = 0; i < out.payload.size(); ++i)
    out.payload[i] = static_cast<char>(out.payload[i] ^ out.mask[i % 4]);
  co_return out;
}

/// A script that opens a WebSocket and goes on with `then`.
inline scripted_peer::script opens(scripted_peer::script then, std::string fields = {}) {
  return [then, fields](wire& w) -> awaitable<void> {
    const std::string request = co_await w.read_request();
    co_await w.send(switching(request, fields));
    co_await then(w);
  };
}

/// A script that opens a WebSocket, sends these bytes and waits for the client's end.
inline scripted_peer::script opens_and_sends(std::string bytes) {
  return opens([bytes](wire& w) -> awaitable<void> {
    co_await w.send(bytes);
    co_await w.hang();
  });
}

/// What receive() comes to: the message, "closed 1000 bye", or class and message of the failure.
inline awaitable<std::string> next_of(http::websocket& from) {
  try {
    std::optional<http::websocket_message> got = co_await from.receive();
    if (got) co_return got->data;
    const auto why = from.closed();
    co_return "closed " + std::to_string(why->code) + " " + why->reason;
  } catch (const error& e) {
    co_return std::string(to_string(e.code())) + ": " + e.what();
  }
}

/// The failure to open one, as outcome_of().
inline awaitable<std::string> refusal_of(awaitable<http::websocket> opening) {
  try {
    http::websocket got = co_await std::move(opening);
    co_return "open";
  } catch (const error& e) {
    co_return std::string(to_string(e.code())) + ": " + e.what();
  }
}

}  // namespace websocket_tests
