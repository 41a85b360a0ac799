// What a hostile server may send an HTTP/2 client without end.
#include "h2_fixture.hpp"

using namespace h2_tests;

namespace {

std::string frame(std::uint8_t type, std::uint8_t flags, std::uint32_t stream, std::string_view payload) {
  std::string out;
  const auto byte = [&](std::size_t value) { out += static_cast<char>(value & 0xFF); };
  byte(payload.size() >> 16), byte(payload.size() >> 8), byte(payload.size());
  byte(type), byte(flags);
  byte(stream >> 24), byte(stream >> 16), byte(stream >> 8), byte(stream);
  return out + std::string(payload);
}

/// How many times the bytes are taken before the connection is given up.
std::size_t taken(const std::string& bytes, bool answer, std::size_t most) {
  h2::session_limits limits;
  limits.idle_frames = 2000;
  pair_of_sessions pair({}, limits);
  h2::stream one;
  pair.client.open(one, get("/"), {}, true);
  pair.talk();
  std::size_t count = 0;
  while (count < most && pair.client.receive(bytes)) {
    ++count;
    std::string out;
    if (answer) pair.client.output(out, 1 << 20);
  }
  if (pair.client.over()) {
    CHECK(one.next() == event::failed);
  }
  pair.client.close(one);
  return count;
}

}  // namespace

TEST_CASE("h2 session: floods of control frames end the connection", "[curl-cve]") {
  const std::string ping = frame(6, 0, 0, "12345678"), settings = frame(4, 0, 0, "");
  // Answers that the server does not read pile up to a small bound; those it reads, to that of idle frames.
  CHECK(taken(ping, false, 10'000) < 1000);
  CHECK(taken(settings, false, 10'000) < 1000);
  CHECK(taken(ping, true, 10'000) < 2001);
  CHECK(taken(settings, true, 10'000) < 2001);
  CHECK(taken(frame(8, 0, 0, std::string("\0\0\0\1", 4)), true, 10'000) < 2001);    // WINDOW_UPDATE
  CHECK(taken(frame(2, 0, 1, std::string("\0\0\0\0\1", 5)), true, 10'000) < 2001);  // PRIORITY
}

TEST_CASE("h2 session: an endless header block ends the connection", "[curl-cve]") {
  pair_of_sessions pair;
  h2::stream one;
  pair.client.open(one, get("/"), {}, true);
  pair.talk();
  // ":status: 200", then one literal field after the other, none of them remembered.
  bool going = pair.client.receive(frame(1, 0, 1, "\x88"));
  const std::string field = std::string("\0\1a\1b", 5);
  std::size_t count = 0;
  for (; going && count < 20'000; ++count) going = pair.client.receive(frame(9, 0, 1, field));
  CHECK(count < 10'001);
  CHECK(one.next() == event::failed);
}

TEST_CASE("h2 session: floods of empty DATA and of resets end the connection", "[curl-cve]") {
  const std::string data = frame(0, 0, 1, ""), reset = frame(3, 0, 1, std::string("\0\0\0\x8", 4));
  for (const std::string& flood : {data, reset}) {
    h2::session_limits limits;
    limits.idle_frames = 2000;
    pair_of_sessions pair({}, limits);
    h2::stream one;
    pair.client.open(one, get("/"), {}, true);
    pair.talk();
    REQUIRE(pair.client.receive(frame(1, 4, 1, "\x88")));
    CHECK(one.next() == event::head);
    std::size_t count = 0;
    std::string out;
    while (count < 10'000 && pair.client.receive(flood)) {
      ++count;
      out.clear();
      pair.client.output(out, 1 << 20);
    }
    CHECK(count < 2001);
    CHECK(one.next() == event::failed);
    pair.client.close(one);
  }
}

TEST_CASE("h2 session: a header that grows when it is decoded ends at its limit", "[curl-cve]") {
  pair_of_sessions pair;
  h2::stream one, two;
  pair.client.open(one, get("/"), {}, true);
  pair.client.open(two, get("/"), {}, true);
  pair.talk();
  // ":status: 200", a field of 4,000 bytes that is remembered, and then its number again and again: 40 MB.
  std::string block(
      "\x88\x40\x01"
      "a\x7f\xa1\x1e",
      7);
  block += std::string(4000, 'v') + std::string(10'000, '\xbe');
  CHECK(pair.client.receive(frame(1, 4, 1, block)));
  CHECK(one.next() == event::failed);
  CHECK(one.why() == braid::http::incoming_response::fault::limit);
  CHECK(pair.client.receive(frame(1, 5, 3, "\x88")));
  CHECK(two.next() == event::head);
  CHECK(two.next() == event::complete);
}

TEST_CASE("h2 session: server push is refused", "[curl-cve]") {
  pair_of_sessions pair;
  h2::stream one;
  pair.client.open(one, get("/"), {}, true);
  pair.talk();
  pair.client.receive(frame(5, 4, 1, std::string("\0\0\0\2\x82\x84\x86\x41\x01h", 10)));
  std::string out;
  CHECK_FALSE(pair.client.output(out, 1 << 16));
  CHECK(one.next() == event::failed);
}
