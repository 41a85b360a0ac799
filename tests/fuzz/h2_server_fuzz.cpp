// libFuzzer target: the server's side of HTTP/2 on any bytes that a client may send, in pieces. Requests are answered
// in turns, some late, some not to the end; no more are at work than allowed, and no more waits than a window.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "server/h2_session.hpp"

using namespace braid::http;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::size_t step = 1 + data[0] % 64;
  const unsigned manners = data[1];
  std::string input = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
  input.append(reinterpret_cast<const char*>(data) + 2, size - 2);
  h2_server_limits limits;
  limits.stream_window = 1000;
  limits.header_bytes = 2000;
  limits.header_count = 20;
  limits.body_bytes = 5000;
  limits.connection_window = 65535;
  limits.streams = 5;
  limits.idle_frames = 100;
  h2_server_session session(limits);
  std::vector<std::unique_ptr<h2_server_stream>> at_work;
  const std::string body(3000, 'b');
  std::string out;
  auto now = braid::time_point() + std::chrono::hours(1);
  std::string_view rest = input;
  for (unsigned turn = 0; !rest.empty(); ++turn) {
    const bool going = session.receive(rest.substr(0, step), now);
    rest.remove_prefix(std::min(step, rest.size()));
    now += std::chrono::milliseconds(1);
    while (auto fresh = session.take_request()) {
      if (fresh->refusal == 0 && (fresh->head.method.empty() || fresh->head.target.empty())) std::abort();
      if (fresh->head.authority.empty() && fresh->refusal == 0) std::abort();
      at_work.push_back(std::move(fresh));
    }
    if (session.live() > limits.streams || at_work.size() > limits.streams) std::abort();
    std::size_t waiting = 0;
    for (const auto& one : at_work) waiting += one->body.size();
    if (waiting > 65535) std::abort();
    for (std::size_t i = 0; i < at_work.size(); ++i) {
      auto& one = *at_work[i];
      if ((manners & 1U) != 0 && !one.body.empty()) {
        session.consumed(one, one.body.size());
        one.body.clear();
      }
      if (!one.responded && (turn + i) % 3 == manners % 3) {
        session.respond(one, 200, "X-A: b\r\nConnection: close\r\n", body, (manners & 2U) != 0);
      }
      const bool done = one.closed || (one.responded && one.outgoing.empty());
      if (!done) continue;
      session.close(one);
      at_work.erase(at_work.begin() + static_cast<std::ptrdiff_t>(i));
      break;
    }
    if (turn == manners) session.announce_end();
    out.clear();
    session.output(out, 1 << 16);
    if (!going) break;
  }
  session.go_away();
  session.output(out, 1 << 16);
  for (auto& one : at_work) session.close(*one);
  while (auto fresh = session.take_request()) session.close(*fresh);
  return 0;
}
