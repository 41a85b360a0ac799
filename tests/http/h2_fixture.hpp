#pragma once

#include <algorithm>
#include <catch2/catch.hpp>
#include <string>

#include "h2/session.hpp"
#include "h2_peer.hpp"

namespace h2_tests {

namespace h2 = braid::http::h2;
using event = h2::stream::event;
using fault = h2::stream::fault;

inline h2::request_head head_of(std::string_view text) {
  h2::request_head out;
  out.assign(text, "https");
  return out;
}

inline h2::request_head get(std::string_view path) {
  return head_of("GET " + std::string(path) + " HTTP/1.1\r\nHost: h.example\r\n\r\n");
}

/// A client and a server, with bytes carried between them `step` at a time.
struct pair_of_sessions {
  explicit pair_of_sessions(h2_peer::handler handler = {}, h2::session_limits limits = {},
                            std::uint32_t max_streams = 100)
      : client(limits), server(std::move(handler), max_streams) {}

  void give_client(std::string_view bytes) {
    for (; !bytes.empty(); bytes.remove_prefix(std::min(step, bytes.size()))) client.receive(bytes.substr(0, step));
  }
  /// Until neither has anything to say.
  void talk() {
    for (;;) {
      std::string up;
      client.output(up, 1 << 20);
      for (std::string_view rest = up; !rest.empty(); rest.remove_prefix(std::min(step, rest.size()))) {
        server.receive(rest.substr(0, step));
      }
      const std::string down = server.output();
      give_client(down);
      if (up.empty() && down.empty()) return;
    }
  }

  h2::session client;
  h2_peer server;
  std::size_t step = 1 << 20;
};

/// What there is to read: the body up to the end, or to where it stops.
struct reading {
  std::string body;
  event last = event::need_more;
  bool head = false;
};

inline reading read(h2::stream& from) {
  reading out;
  for (;;) {
    out.last = from.next();
    if (out.last == event::head) out.head = true;
    if (out.last == event::body) out.body += from.body();
    if (out.last != event::head && out.last != event::body) return out;
  }
}

inline h2_peer::handler says(std::string body, field_list fields = {{":status", "200"}}) {
  return [=](h2_peer& peer, std::int32_t id, const h2_peer::request&) { peer.respond(id, fields, body); };
}

}  // namespace h2_tests
