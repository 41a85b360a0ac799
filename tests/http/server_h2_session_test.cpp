// The server's side of HTTP/2 without a network: what comes of frames, and of too many of them.
#include <braid/testing/run_virtual.hpp>

#include "h2_fixture.hpp"
#include "server/h2_session.hpp"

using namespace std::chrono_literals;
using braid::http::flood_meter;
using braid::http::h2_server_limits;
using braid::http::h2_server_session;
using braid::http::h2_server_stream;

namespace {

const braid::time_point start = braid::time_point() + 1h;

std::string frame(std::uint8_t type, std::uint8_t flags, std::uint32_t stream, std::string_view payload) {
  std::string out;
  const auto byte = [&](std::size_t value) { out += static_cast<char>(value & 0xFF); };
  byte(payload.size() >> 16), byte(payload.size() >> 8), byte(payload.size());
  byte(type), byte(flags);
  byte(stream >> 24), byte(stream >> 16), byte(stream >> 8), byte(stream);
  return out + std::string(payload);
}

const std::string preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(4, 0, 0, "");

std::string field(std::string_view name, std::string_view value) {
  std::string out("\0", 1);
  out += static_cast<char>(name.size()) + std::string(name);
  return out + static_cast<char>(value.size()) + std::string(value);
}

/// GET / of http://h.example, and more.
std::string head(std::string_view more = {}) {
  return "\x82\x86\x84" + field(":authority", "h.example") + std::string(more);
}

std::string request(std::uint32_t stream, std::string_view more = {}) { return frame(1, 5, stream, head(more)); }

/// A session that a test speaks to in frames.
struct conversation {
  explicit conversation(const h2_server_limits& limits = {}) : session(limits) { say(preface); }

  bool say(std::string_view bytes) {
    const bool going = session.receive(bytes, now);
    while (auto fresh = session.take_request()) requests.push_back(std::move(fresh));
    said.clear();
    session.output(said, 1 << 24);
    return going;
  }
  /// The error of the last GOAWAY; -1 without one.
  int farewell() const {
    int code = -1;
    each_frame([&](auto byte) {
      if (byte(3) == 7) code = static_cast<int>(byte(16));
    });
    return code;
  }
  /// What the session has allowed the connection to send, beyond what it may already.
  std::size_t allowance() const {
    std::size_t bytes = 0;
    each_frame([&](auto byte) {
      if (byte(3) != 8 || byte(7) != 0 || byte(8) != 0) return;
      bytes += byte(9) << 24U | byte(10) << 16U | byte(11) << 8U | byte(12);
    });
    return bytes;
  }
  template <class Visit>
  void each_frame(Visit visit) const {
    for (std::size_t at = 0; at + 9 <= said.size();) {
      const auto byte = [&](std::size_t i) { return std::size_t{static_cast<unsigned char>(said[at + i])}; };
      visit(byte);
      at += 9 + (byte(0) << 16U | byte(1) << 8U | byte(2));
    }
  }
  void close_all() {
    for (auto& one : requests) session.close(*one);
    requests.clear();
  }

  h2_server_session session;
  std::vector<std::unique_ptr<h2_server_stream>> requests;
  std::string said;
  braid::time_point now = start;
};

constexpr int calm = 11;

/// How many times the bytes are taken before the connection is given up.
std::size_t taken(const std::string& bytes, std::size_t most) {
  conversation with;
  with.say(request(1));
  std::size_t count = 0;
  while (count < most && with.say(bytes)) ++count;
  if (count < most) {
    CHECK(with.farewell() == calm);
  }
  with.close_all();
  return count;
}

}  // namespace

TEST_CASE("h2 server: a request comes as one of HTTP/1.1 would") {
  conversation with;
  with.say(request(1, field("cookie", "a=1") + field("x-one", "1") + field("cookie", "b=2")));
  REQUIRE(with.requests.size() == 1);
  const auto& head = with.requests[0]->head;
  CHECK(head.method == "GET");
  CHECK(head.target == "/");
  CHECK(head.authority == "h.example");
  CHECK(head.fields.get("host") == "h.example");
  CHECK(head.fields.get("cookie") == "a=1; b=2");
  CHECK(head.version == 20);
  CHECK_FALSE(head.chunked);
  CHECK(with.requests[0]->refusal == 0);
  CHECK(with.requests[0]->ended);
  with.session.respond(*with.requests[0], 200, "Content-Type: text/plain\r\nConnection: close\r\n", "hello", true);
  with.say("");
  CHECK(with.said.find("hello") != std::string::npos);
  CHECK(with.said.find("close") == std::string::npos);
  CHECK(with.requests[0]->closed);
  with.close_all();
  CHECK(with.session.live() == 0);
}

TEST_CASE("h2 server: what two servers could understand differently is refused") {
  const auto refusal = [](const std::string& block) {
    conversation with;
    with.say(frame(1, 5, 1, block));
    const int status = with.requests.empty() ? -1 : with.requests[0]->refusal;
    with.close_all();
    return status;
  };
  CHECK(refusal(head()) == 0);
  CHECK(refusal(head(field("host", "h.example"))) == 0);
  CHECK(refusal(head(field("host", "other.example"))) == 400);
  CHECK(refusal("\x82\x86\x84" + field(":authority", "user@h.example")) == 400);
  CHECK(refusal(field(":method", "CONNECT") + field(":authority", "h.example:443")) == 501);
  CHECK(refusal(head(field("expect", "miracles"))) == 417);
  // These nghttp2 answers itself: the stream is reset.
  CHECK(refusal("\x82\x86\x84" + field(":authority", "")) == -1);
  CHECK(refusal(head(field("transfer-encoding", "chunked"))) == -1);
  CHECK(refusal(head(field("connection", "close"))) == -1);
  CHECK(refusal(head(field("Upper", "case"))) == -1);
  CHECK(refusal(head(field("content-length", "5"))) == -1);  // and no body
  CHECK(refusal(head(field("content-length", "0") + field("content-length", "0"))) == -1);
  CHECK(refusal(head(field("x", "a\r\ny: b"))) == -1);
  CHECK(refusal("\x82\x86" + field(":path", "http://h.example/") + field(":authority", "h.example")) == -1);
}

TEST_CASE("h2 server: a header over the limits is answered with 431, and the connection goes on") {
  h2_server_limits limits;
  limits.header_bytes = 4000;
  conversation with(limits);
  // A field of 1,000 bytes that is remembered, and then its number again and again: 10 MB.
  std::string bomb = head() + std::string("\x40\x01", 2) + "a" + std::string("\x7f\xe9\x06", 3) +
                     std::string(1000, 'v') + std::string(10'000, '\xbe');
  with.say(frame(1, 5, 1, bomb));
  REQUIRE(with.requests.size() == 1);
  CHECK(with.requests[0]->refusal == 431);
  CHECK(with.requests[0]->head.fields.size() < 10);
  CHECK(with.say(request(3)));
  REQUIRE(with.requests.size() == 2);
  CHECK(with.requests[1]->refusal == 0);
  with.close_all();
}

TEST_CASE("h2 server: requests that were reset count while somebody works on them") {
  h2_server_limits limits;
  limits.streams = 10;
  conversation with(limits);
  std::uint32_t stream = 1;
  std::size_t sent = 0;
  for (; sent < 5000; ++sent, stream += 2) {
    if (!with.say(request(stream) + frame(3, 0, stream, std::string("\0\0\0\x8", 4)))) break;
    CHECK(with.session.live() <= 10);
  }
  CHECK(with.requests.size() == 10);  // CVE-2023-44487: the rest was refused unseen
  CHECK(sent < 1000);
  CHECK(with.farewell() == calm);
  with.close_all();
  CHECK(with.session.live() == 0);
}

TEST_CASE("h2 server: floods of frames that bring nothing on end the connection") {
  CHECK(taken(frame(6, 0, 0, "12345678"), 10'000) < 1001);                    // PING
  CHECK(taken(frame(4, 0, 0, ""), 10'000) < 1001);                            // SETTINGS
  CHECK(taken(frame(8, 0, 0, std::string("\0\0\0\1", 4)), 10'000) < 1001);    // WINDOW_UPDATE
  CHECK(taken(frame(2, 0, 1, std::string("\0\0\0\0\1", 5)), 10'000) < 1001);  // PRIORITY
  CHECK(taken(frame(0xee, 0, 1, "unknown"), 10'000) < 1001);
  CHECK(taken(frame(0xee, 0, 0, ""), 10'000) < 1001);
  conversation with;
  with.say(frame(1, 4, 1, head()));
  std::size_t count = 0;
  while (count < 10'000 && with.say(frame(0, 0, 1, ""))) ++count;  // empty DATA
  CHECK(count < 1001);
  CHECK(with.farewell() == calm);
  with.close_all();
}

TEST_CASE("h2 server: a flood that comes all at once ends the connection as one that comes bit by bit") {
  std::string flood;
  for (int i = 0; i < 50'000; ++i) flood += frame(6, 0, 0, "12345678");
  CHECK(taken(flood, 1) == 0);
  // In pieces that the meter lets pass one by one, while nothing is sent in between.
  conversation with;
  bool going = true;
  for (std::size_t at = 0; going && at < flood.size(); at += 17 * 100)
    going = with.session.receive(flood.substr(at, 17 * 100), start);
  CHECK_FALSE(going);
  with.session.output(with.said, 1 << 24);
  CHECK(with.farewell() == calm);
}

TEST_CASE("h2 server: frames of streams that are closed are metered as well, however the bytes are cut") {
  conversation with;
  with.say(request(1));
  with.session.respond(*with.requests.at(0), 204, "", "", true);
  with.say("");
  with.close_all();
  std::string flood;
  for (int i = 0; i < 2000; ++i) flood += frame(0, 0, 1, "");
  std::size_t taken = 0;
  for (; taken < flood.size() && with.say(flood.substr(taken, 7)); taken += 7) continue;
  CHECK(taken < 9 * 1001);
}

TEST_CASE("h2 server: a header without end ends the connection") {
  conversation with;
  with.say(frame(1, 1, 1, head()));
  CHECK(with.session.in_header());
  std::size_t count = 0;
  while (count < 100'000 && with.say(frame(9, 0, 1, field("a", "b")))) ++count;
  CHECK(count < 1001);
  CHECK(with.requests.empty());
}

TEST_CASE("h2 server: who pings now and then may do so for ever") {
  conversation with;
  for (int i = 0; i < 5000; ++i) {
    with.now += 100ms;
    REQUIRE(with.say(frame(6, 0, 0, "12345678")));
  }
}

TEST_CASE("h2 server: a body over the limit is not kept") {
  h2_server_limits limits;
  limits.body_bytes = 1000;
  conversation with(limits);
  with.say(frame(1, 4, 1, head()));
  with.say(frame(0, 0, 1, std::string(900, 'x')));
  CHECK(with.requests.at(0)->body.size() == 900);
  CHECK(with.requests[0]->head.chunked);
  with.say(frame(0, 0, 1, std::string(900, 'x')));
  CHECK(with.requests[0]->body.empty());
  CHECK(with.requests[0]->body_too_large);
  with.close_all();
}

TEST_CASE("h2 server: bodies that wait for handlers are bounded on the connection as a whole") {
  h2_server_limits limits;
  limits.connection_window = 100'000;
  const std::string piece(10'000, 'x');
  const auto fill = [&](conversation& with) {
    for (std::uint32_t stream = 1; stream <= 19; stream += 2) {
      with.say(frame(1, 4, stream, head()));
      REQUIRE(with.say(frame(0, 0, stream, piece)));
      CHECK(with.allowance() == 0);
    }
    REQUIRE(with.requests.size() == 10);
  };
  conversation unread(limits);
  fill(unread);
  unread.say(frame(0, 0, 1, "x"));
  constexpr int flow_control_error = 3;
  CHECK(unread.farewell() == flow_control_error);
  CHECK_FALSE(unread.say(""));
  unread.close_all();

  conversation read(limits);
  fill(read);
  for (auto& one : read.requests) {
    read.session.consumed(*one, one->body.size());
    one->body.clear();
  }
  read.say("");
  CHECK(read.allowance() == 100'000);
  read.close_all();

  conversation given_up(limits);
  fill(given_up);
  given_up.close_all();
  given_up.say("");
  CHECK(given_up.allowance() == 100'000);
}

TEST_CASE("h2 server: a body over the limit, or that nobody waits for, takes nothing from the connection") {
  h2_server_limits limits;
  limits.body_bytes = 1000;
  limits.connection_window = 65'535;
  conversation with(limits);
  with.say(frame(1, 4, 1, head()));
  std::size_t allowed = 0;
  for (int i = 0; i < 10; ++i) {
    REQUIRE(with.say(frame(0, 0, 1, std::string(10'000, 'x'))));
    allowed += with.allowance();
  }
  CHECK(allowed >= 65'536);
  with.close_all();
  with.say("");
  allowed = 0;
  for (int i = 0; i < 10; ++i) {
    REQUIRE(with.say(frame(0, 0, 1, std::string(10'000, 'x'))));  // its stream has been reset
    allowed += with.allowance();
  }
  CHECK(allowed >= 65'536);
}

TEST_CASE("h2 server: bytes that are no HTTP/2 end the connection") {
  h2_server_session session((h2_server_limits()));
  CHECK_FALSE(session.receive("GET / HTTP/1.1\r\nHost: h\r\n\r\n", start));
}

TEST_CASE("a flood is a matter of time") {
  flood_meter meter(10, 1);
  for (int i = 0; i < 10; ++i) CHECK(meter.add(1, start));
  CHECK_FALSE(meter.add(1, start));
  CHECK(meter.add(1, start + 5s));
  CHECK_FALSE(meter.add(9, start + 5s));
}
