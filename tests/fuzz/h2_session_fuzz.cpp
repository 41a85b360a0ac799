// libFuzzer target: the HTTP/2 client's session on any bytes that a server may send, in pieces, while three requests
// are under way, one of them with a body, one closed in the middle. No more may wait for a reader than its window.
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "h2/session.hpp"

namespace h2 = braid::http::h2;

namespace {

constexpr std::uint32_t window = 65535;

void drain(h2::stream& from) {
  for (;;) {
    const auto what = from.next();
    if (what == h2::stream::event::body && (from.body().empty() || from.body().size() > window)) std::abort();
    if (what == h2::stream::event::failed && from.reason().empty()) std::abort();
    if (what != h2::stream::event::head && what != h2::stream::event::body) return;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::size_t step = 1 + data[0] % 64, close_at = data[1];
  std::string_view input(reinterpret_cast<const char*>(data) + 2, size - 2);
  h2::session_limits limits;
  limits.stream_window = 1000;
  limits.header_bytes = 2000;
  limits.header_count = 20;
  limits.informational = 3;
  limits.idle_frames = 100;
  h2::session session(limits);
  h2::request_head head;
  head.assign("POST / HTTP/1.1\r\nHost: h\r\nX: y\r\n\r\n", "https");
  const std::string body(100'000, 'b');
  std::array<h2::stream, 3> streams;
  session.open(streams[0], head, {}, true);
  session.open(streams[1], head, body, true);
  session.open(streams[2], head, {}, true);
  std::string out;
  for (std::size_t turn = 0; !input.empty(); ++turn) {
    if (turn == close_at) session.close(streams[2]);
    out.clear();
    session.output(out, 1 << 16);
    session.receive(input.substr(0, step));
    input.remove_prefix(std::min(step, input.size()));
    for (const h2::stream& one : streams) {
      if (one.unread() > window) std::abort();
    }
    // The first has a reader, the others' windows fill.
    while (session.take_changed()) drain(streams[0]);
  }
  session.end("the end");
  for (std::size_t i = 0; i < 2; ++i) {
    drain(streams[i]);
    session.close(streams[i]);
  }
  session.close(streams[2]);
  return 0;
}
