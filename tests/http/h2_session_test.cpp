// The client's session of HTTP/2 against nghttp2's server session, without a network.
#include <array>

#include "h2_fixture.hpp"

using namespace h2_tests;

TEST_CASE("h2 request head: pseudo-fields first and nothing of a connection") {
  const auto head = head_of(
      "POST /a?b HTTP/1.1\r\nConnection: close\r\nHost: h.example:81\r\nX-One: 1: 2\r\nTE: gzip\r\nUpgrade: x\r\n"
      "Transfer-Encoding: chunked\r\nAuthorization: Basic eA==\r\nEmpty: \r\n\r\n");
  std::string got;
  for (const auto& field : head.fields()) {
    got += std::string(field.name) + "=" + std::string(field.value) + (field.secret ? "!" : "") + "\n";
  }
  CHECK(got ==
        ":method=POST\n:scheme=https\n:authority=h.example:81\n:path=/a?b\nx-one=1: 2\nauthorization=Basic eA==!\n"
        "empty=\n");
}

TEST_CASE("h2 session: a request and its response arrive however the bytes are cut") {
  for (const std::size_t step : {std::size_t(1), std::size_t(7), std::size_t(1 << 20)}) {
    pair_of_sessions pair(says("hello", {{":status", "200"}, {"content-length", "5"}, {"x-a", "b"}}));
    pair.step = step;
    h2::stream one;
    REQUIRE(pair.client.open(one, get("/x"), {}, true));
    pair.talk();
    CHECK(pair.server.requests().at(1).field(":path") == "/x");
    CHECK(pair.server.requests().at(1).field(":authority") == "h.example");
    CHECK(one.next() == event::head);
    CHECK(one.status() == 200);
    CHECK(one.version() == 20);
    CHECK(one.fields().get("X-A") == "b");
    CHECK(one.body_framing() == h2::stream::framing::length);
    CHECK(one.body_length() == 5);
    const reading got = read(one);
    CHECK(got.body == "hello");
    CHECK(got.last == event::complete);
    CHECK(pair.client.active() == 0);
    pair.client.close(one);
    CHECK(pair.server.resets().empty());
  }
}

TEST_CASE("h2 session: the streams that have news are told once each") {
  pair_of_sessions pair(says("x"));
  h2::stream one, two;
  pair.client.open(one, get("/1"), {}, true);
  pair.client.open(two, get("/2"), {}, true);
  pair.talk();
  const h2::stream* const first = pair.client.take_changed();
  const h2::stream* const second = pair.client.take_changed();
  CHECK(pair.client.take_changed() == nullptr);
  CHECK(((first == &one && second == &two) || (first == &two && second == &one)));
}

TEST_CASE("h2 session: frames of many requests leave in one piece") {
  pair_of_sessions pair(says("x"));
  pair.talk();
  std::array<h2::stream, 20> streams;
  for (auto& one : streams) pair.client.open(one, get("/"), {}, true);
  std::string out;
  pair.client.output(out, 1 << 16);
  pair.server.receive(out);
  CHECK(pair.server.requests().size() == 20);
  CHECK_FALSE(pair.client.wants_output());
}

TEST_CASE("h2 session: a reader that does not read holds up its own stream only") {
  h2::session_limits limits;
  limits.stream_window = 100'000;
  const std::string large(40'000'000, 'a');  // more than twice the connection's window
  pair_of_sessions pair(
      [&](h2_peer& peer, std::int32_t id, const h2_peer::request& what) {
        peer.respond(id, {{":status", "200"}}, what.field(":path") == "/slow" ? std::string(1'000'000, 's') : large);
      },
      limits);
  h2::stream slow, fast;
  pair.client.open(slow, get("/slow"), {}, true);
  pair.client.open(fast, get("/fast"), {}, true);
  std::size_t got = 0;
  event last = event::need_more;
  while (last != event::complete) {
    pair.talk();
    const reading piece = read(fast);
    REQUIRE((!piece.body.empty() || piece.last == event::complete));
    got += piece.body.size();
    last = piece.last;
  }
  CHECK(got == large.size());
  // The slow one waits with its window full and no more than that in memory.
  CHECK(slow.unread() == 100'000);
  std::string all;
  for (last = event::need_more; last != event::complete;) {
    const reading piece = read(slow);
    CHECK(piece.body.size() <= 100'000);
    all += piece.body;
    last = piece.last;
    pair.talk();
  }
  CHECK(all == std::string(1'000'000, 's'));
}

TEST_CASE("h2 session: a body goes out as the server's window opens") {
  std::string body(300'000, 'b');
  pair_of_sessions pair(says("thanks"));
  h2::stream one;
  pair.client.open(one, head_of("POST /up HTTP/1.1\r\nHost: h\r\nContent-Length: 300000\r\n\r\n"), body, true);
  CHECK_FALSE(one.all_sent());
  pair.talk();
  CHECK(one.all_sent());
  CHECK(one.sent() == 300'000);
  CHECK(pair.server.requests().at(1).body == body);
  CHECK(read(one).body == "thanks");
}

TEST_CASE("h2 session: a body in pieces waits for each to be sent") {
  pair_of_sessions pair(says("ok"));
  h2::stream one;
  pair.client.open(one, head_of("POST /up HTTP/1.1\r\nHost: h\r\n\r\n"), "first,", false);
  pair.talk();
  CHECK(one.all_sent());
  CHECK(pair.client.take_changed() == &one);
  one.send("second", false);
  CHECK_FALSE(one.all_sent());
  pair.talk();
  CHECK(one.all_sent());
  CHECK(read(one).last == event::need_more);
  one.send({}, true);
  pair.talk();
  CHECK(pair.server.requests().at(1).body == "first,second");
  CHECK(read(one).last == event::complete);
}

TEST_CASE("h2 session: what is closed before its end is reset and the rest goes on", "[curl-cve]") {
  pair_of_sessions pair;
  h2::stream other;
  {
    h2::stream one;
    pair.client.open(one, get("/one"), {}, true);
    pair.client.open(other, get("/other"), {}, true);
    pair.talk();
    pair.client.close(one);
  }
  pair.server.respond(1, {{":status", "200"}}, "too late");
  pair.server.respond(3, {{":status", "200"}}, "in time");
  pair.talk();
  CHECK(pair.server.resets().at(1) == NGHTTP2_CANCEL);
  const reading got = read(other);
  CHECK(got.body == "in time");
  CHECK(got.last == event::complete);
}

TEST_CASE("h2 session: a request that was closed before it was sent never leaves") {
  pair_of_sessions pair(says("x"));
  pair.talk();
  h2::stream one, two;
  pair.client.open(one, get("/one"), {}, true);
  pair.client.close(one);
  pair.client.open(two, get("/two"), {}, true);
  pair.talk();
  CHECK(pair.server.requests().count(1) == 0);
  CHECK(read(two).last == event::complete);
}

TEST_CASE("h2 session: 1xx responses are passed over up to a limit") {
  h2::session_limits limits;
  limits.informational = 2;
  pair_of_sessions pair({}, limits);
  h2::stream one, two;
  pair.client.open(one, get("/"), {}, true);
  pair.client.open(two, get("/"), {}, true);
  pair.talk();
  for (int i = 0; i < 2; ++i) pair.server.headers(1, {{":status", "103"}, {"link", "</a>"}});
  for (int i = 0; i < 3; ++i) pair.server.headers(3, {{":status", "100"}});
  pair.server.respond(1, {{":status", "200"}}, "x");
  pair.talk();
  CHECK(read(one).body == "x");
  CHECK(one.status() == 200);
  CHECK_FALSE(one.fields().has("link"));
  CHECK(read(two).last == event::failed);
  CHECK(two.why() == fault::limit);
  CHECK(two.reason() == "too many 1xx responses");
}

TEST_CASE("h2 session: trailers end a body and are no header fields", "[curl-cve]") {
  pair_of_sessions pair([](h2_peer& peer, std::int32_t id, const h2_peer::request&) {
    peer.respond(id, {{":status", "200"}}, "body", {{"x-sum", "1"}});
  });
  h2::stream one;
  pair.client.open(one, get("/"), {}, true);
  pair.talk();
  const reading got = read(one);
  CHECK(got.body == "body");
  CHECK(got.last == event::complete);
  CHECK_FALSE(one.fields().has("x-sum"));
}

TEST_CASE("h2 session: no body where there is none") {
  pair_of_sessions pair([](h2_peer& peer, std::int32_t id, const h2_peer::request& what) {
    peer.headers(id, {{":status", what.field(":path").substr(1)}, {"content-length", "10"}}, true);
  });
  h2::stream head, no_content, not_modified;
  pair.client.open(head, head_of("HEAD /200 HTTP/1.1\r\nHost: h\r\n\r\n"), {}, true);
  pair.client.open(not_modified, get("/304"), {}, true);
  pair.talk();
  for (h2::stream* one : {&head, &not_modified}) {
    const reading got = read(*one);
    CHECK(got.last == event::complete);
    CHECK(one->body_framing() == h2::stream::framing::none);
  }
}

TEST_CASE("h2 session: a header over the limits fails its own stream") {
  h2::session_limits limits;
  limits.header_bytes = 2000;
  limits.header_count = 10;
  pair_of_sessions pair({}, limits);
  h2::stream large, many, good;
  pair.client.open(large, get("/"), {}, true);
  pair.client.open(many, get("/"), {}, true);
  pair.client.open(good, get("/"), {}, true);
  pair.talk();
  pair.server.respond(1, {{":status", "200"}, {"x", std::string(3000, 'x')}});
  field_list fields{{":status", "200"}};
  for (int i = 0; i < 20; ++i) fields.emplace_back("a" + std::to_string(i), "b");
  pair.server.respond(3, fields);
  pair.server.respond(5, {{":status", "200"}}, "fine");
  pair.talk();
  CHECK(read(large).last == event::failed);
  CHECK(large.why() == fault::limit);
  CHECK(large.reason() == "the response's header is too large");
  CHECK(read(many).last == event::failed);
  CHECK(many.reason() == "the response has too many header lines");
  CHECK(read(good).body == "fine");
}

TEST_CASE("h2 session: a body that is not as long as the header says breaks the protocol") {
  pair_of_sessions pair(says("four", {{":status", "200"}, {"content-length", "5"}}));
  h2::stream one;
  pair.client.open(one, get("/"), {}, true);
  pair.talk();
  CHECK(read(one).last == event::failed);
  CHECK(one.why() == fault::protocol);
}

TEST_CASE("h2 session: a reset by the server fails the stream after what has come") {
  pair_of_sessions pair;
  h2::stream one, refused;
  pair.client.open(one, get("/"), {}, true);
  pair.client.open(refused, get("/"), {}, true);
  pair.talk();
  pair.server.keep_open(1);
  pair.server.respond(1, {{":status", "200"}}, "some");
  pair.talk();
  pair.server.reset(1, NGHTTP2_INTERNAL_ERROR);
  pair.server.reset(3, NGHTTP2_REFUSED_STREAM);
  pair.talk();
  const reading got = read(one);
  CHECK(got.body == "some");
  CHECK(got.last == event::failed);
  CHECK(one.why() == fault::cut_off);
  CHECK(one.reason() == "the server reset the stream, INTERNAL_ERROR");
  CHECK_FALSE(one.refused());
  CHECK(read(refused).last == event::failed);
  CHECK(refused.refused());
  CHECK_FALSE(refused.connection_lost());
}

TEST_CASE("h2 session: an early answer makes an end of what is still being sent") {
  std::string body(1'000'000, 'b');
  pair_of_sessions pair;
  h2::stream one;
  pair.client.open(one, head_of("POST / HTTP/1.1\r\nHost: h\r\n\r\n"), body, true);
  std::string out;
  pair.client.output(out, 20'000);
  pair.server.receive(out);
  pair.server.respond(1, {{":status", "413"}}, "too large");
  pair.give_client(pair.server.output());
  pair.server.reset(1, NGHTTP2_NO_ERROR);
  pair.give_client(pair.server.output());
  const reading got = read(one);
  CHECK(one.status() == 413);
  CHECK(got.body == "too large");
  CHECK(got.last == event::complete);
}

TEST_CASE("h2 session: GOAWAY refuses the requests behind its last stream") {
  pair_of_sessions pair;
  h2::stream one, two, late;
  pair.client.open(one, get("/1"), {}, true);
  pair.client.open(two, get("/2"), {}, true);
  pair.talk();
  pair.server.goaway(1);
  pair.server.respond(1, {{":status", "200"}}, "last");
  pair.talk();
  CHECK(pair.client.draining());
  CHECK(read(one).body == "last");
  CHECK(read(two).last == event::failed);
  CHECK(two.refused());
  CHECK_FALSE(pair.client.open(late, get("/3"), {}, true));
}

TEST_CASE("h2 session: a request that waits in the queue at GOAWAY is refused") {
  pair_of_sessions pair;
  pair.talk();
  h2::stream one;
  pair.client.open(one, get("/1"), {}, true);  // not sent yet
  pair.server.goaway(0);
  pair.give_client(pair.server.output());
  pair.talk();
  CHECK(read(one).last == event::failed);
  CHECK(one.refused());
}

TEST_CASE("h2 session: the end of the connection fails what is not complete") {
  pair_of_sessions pair;
  h2::stream one, two;
  pair.client.open(one, get("/1"), {}, true);
  pair.client.open(two, get("/2"), {}, true);
  pair.talk();
  pair.server.respond(1, {{":status", "200"}}, "whole");
  pair.talk();
  pair.client.end("closed by the server");
  CHECK(pair.client.over());
  CHECK(read(one).last == event::complete);
  CHECK(read(two).last == event::failed);
  CHECK(two.connection_lost());
  CHECK(two.reason() == "closed by the server");
  pair.client.close(two);
}

TEST_CASE("h2 session: what is not HTTP/2 ends the connection") {
  h2::session client{h2::session_limits{}};
  h2::stream one;
  client.open(one, get("/"), {}, true);
  client.receive("HTTP/1.1 400 Bad Request\r\n\r\n");
  std::string out;
  CHECK_FALSE(client.output(out, 1 << 16));
  CHECK(one.next() == event::failed);
  CHECK(one.reason() == "the server broke the rules of HTTP/2: SETTINGS expected");
  CHECK(one.why() == fault::protocol);
}

TEST_CASE("h2 session: as many streams at once as the server allows") {
  h2::session_limits limits;
  limits.streams = 50;
  pair_of_sessions few({}, limits, 3), many({}, limits, 1000);
  CHECK(few.client.capacity() == 50);
  few.talk();
  many.talk();
  CHECK(few.client.capacity() == 3);
  CHECK(many.client.capacity() == 50);
}

TEST_CASE("h2 session: a PING is answered and one of ours counted") {
  pair_of_sessions pair;
  pair.client.ping();
  pair.server.ping();
  pair.talk();
  CHECK(pair.server.pings() == 1);
  CHECK(pair.client.pings_answered() == 1);
}
