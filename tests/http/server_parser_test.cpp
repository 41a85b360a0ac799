#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "server/request_parser.hpp"

using namespace braid::http;
using event = request_parser::event;

namespace {

struct outcome {
  int status = 0;  // 0: not refused
  std::string reason;
  unsigned messages = 0;
  std::string bodies;
  std::string last_method, last_target;
  bool need_more = false;
  outcome() = default;
};

/// Feeds `text` in pieces of `step` bytes and keeps what the parser does not consume, as a connection does.
outcome run(std::string_view text, std::size_t step, const request_limits& limits = {}) {
  request_parser parser(limits);
  outcome out;
  std::string held;
  std::size_t given = 0;
  for (;;) {
    const event what = parser.parse(held);
    held.erase(0, parser.consumed());
    // A view of the body is into the input; erase() above has moved it, so the step below reads it first.
    switch (what) {
      case event::need_more:
        if (given == text.size()) {
          out.need_more = !parser.idle() || !held.empty();
          return out;
        }
        held += text.substr(given, step);
        given += std::min(step, text.size() - given);
        break;
      case event::head:
        out.last_method = parser.head().method;
        out.last_target = parser.head().target;
        break;
      case event::body:
        out.bodies += std::string(parser.body().size(), '.');
        break;
      case event::complete:
        ++out.messages;
        parser.next();
        break;
      case event::failed:
        out.status = parser.status();
        out.reason = std::string(parser.reason());
        return out;
    }
  }
}

/// Whole, and one byte at a time: the answer must be the same.
outcome run(std::string_view text, const request_limits& limits = {}) {
  const outcome whole = run(text, text.size() + 1, limits);
  const outcome bytes = run(text, 1, limits);
  CHECK(whole.status == bytes.status);
  CHECK(whole.messages == bytes.messages);
  CHECK(whole.bodies == bytes.bodies);
  return whole;
}

struct refused {
  const char* what;
  std::string text;
  int status;
};

const std::string host = "Host: a\r\n";

}  // namespace

TEST_CASE("a request is read whole or byte by byte with the same outcome") {
  const outcome got = run("GET /a?b=c HTTP/1.1\r\nHost: example.org:80\r\nAccept: */*\r\n\r\n");
  CHECK(got.status == 0);
  CHECK(got.messages == 1);
  CHECK(got.last_method == "GET");
  CHECK(got.last_target == "/a?b=c");
}

TEST_CASE("requests in a row are read one after the other, bodies and chunks included") {
  const outcome got =
      run("POST /1 HTTP/1.1\r\n" + host +
          "Content-Length: 5\r\n\r\nhello"
          "POST /2 HTTP/1.1\r\n" +
          host +
          "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nA;x=\"y\"\r\n0123456789\r\n0\r\nTrailer: t\r\n\r\n"
          "\r\nGET /3 HTTP/1.0\r\n\r\n"
          "PUT /4 HTTP/1.1\r\n" +
          host +
          "Transfer-Encoding: CHUNKED\r\n\r\n0\r\n\r\n"
          "DELETE /5 HTTP/1.1\r\n" +
          host + "Content-Length: 0\r\n\r\n");
  CHECK(got.status == 0);
  CHECK(got.messages == 5);
  CHECK(got.bodies.size() == 18);
  CHECK(got.last_target == "/5");
  CHECK_FALSE(got.need_more);
}

TEST_CASE("what two servers could read in two ways is refused") {
  const std::string post = "POST / HTTP/1.1\r\n" + host;
  const refused cases[] = {
      {"length and chunked", post + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
      {"chunked and length", post + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n", 400},
      {"two equal lengths", post + "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello", 400},
      {"two lengths", post + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello", 400},
      {"list of lengths", post + "Content-Length: 5, 5\r\n\r\nhello", 400},
      {"signed length", post + "Content-Length: +5\r\n\r\nhello", 400},
      {"negative length", post + "Content-Length: -5\r\n\r\nhello", 400},
      {"hex length", post + "Content-Length: 0x5\r\n\r\nhello", 400},
      {"empty length", post + "Content-Length: \r\n\r\nhello", 400},
      {"length with space inside", post + "Content-Length: 1 0\r\n\r\nhello", 400},
      {"length over 64 bits", post + "Content-Length: 99999999999999999999\r\n\r\n", 400},
      {"chunked twice", post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
      {"identity and chunked", post + "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
       501},
      {"chunked, identity", post + "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n", 501},
      {"gzip, chunked", post + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501},
      {"xchunked", post + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 501},
      {"chunked with a vertical tab",
       post + "Transfer-Encoding: \x0b"
              "chunked\r\n\r\n0\r\n\r\n",
       400},
      {"quoted chunked", post + "Transfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n", 501},
      {"chunked in HTTP/1.0", "POST / HTTP/1.0\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
      {"space before colon", post + "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n", 400},
      {"tab before colon", post + "Content-Length\t: 5\r\n\r\nhello", 400},
      {"folded line", post + "X: a\r\n b\r\n\r\n", 400},
      {"folded length", post + "Content-Length:\r\n 5\r\n\r\nhello", 400},
      {"folded with tab", post + "X: a\r\n\tTransfer-Encoding: chunked\r\n\r\n", 400},
      {"space before the first header", "POST / HTTP/1.1\r\n Host: a\r\n\r\n", 400},
      {"bare LF", "GET / HTTP/1.1\nHost: a\n\n", 400},
      {"bare LF in headers", post + "X: a\nTransfer-Encoding: chunked\r\n\r\n", 400},
      {"bare CR in a value", post + "X: a\rTransfer-Encoding: chunked\r\n\r\n", 400},
      {"NUL in a value", post + std::string("X: a\0b\r\n\r\n", 10), 400},
      {"NUL in a name", post + std::string("X\0Y: b\r\n\r\n", 10), 400},
      {"empty name", post + ": b\r\n\r\n", 400},
      {"line without colon", post + "Garbage\r\n\r\n", 400},
      {"no Host", "GET / HTTP/1.1\r\n\r\n", 400},
      {"two Hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400},
      {"two equal Hosts", "GET / HTTP/1.1\r\nHost: a\r\nhost: a\r\n\r\n", 400},
      {"empty Host", "GET / HTTP/1.1\r\nHost: \r\n\r\n", 400},
      {"Host with a path", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400},
      {"Host with a user", "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n", 400},
      {"Host with a space", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400},
      {"Host list", "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n", 400},
      {"Host with a bad port", "GET / HTTP/1.1\r\nHost: a:99999\r\n\r\n", 400},
      {"Host unlike the target", "GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"bad chunk size", post + "Transfer-Encoding: chunked\r\n\r\nxyz\r\nabc\r\n0\r\n\r\n", 400},
      {"0x chunk size", post + "Transfer-Encoding: chunked\r\n\r\n0x3\r\nabc\r\n0\r\n\r\n", 400},
      {"negative chunk size", post + "Transfer-Encoding: chunked\r\n\r\n-3\r\nabc\r\n0\r\n\r\n", 400},
      {"chunk size over 64 bits", post + "Transfer-Encoding: chunked\r\n\r\n10000000000000003\r\nabc\r\n0\r\n\r\n",
       400},
      {"empty chunk size", post + "Transfer-Encoding: chunked\r\n\r\n\r\nabc\r\n0\r\n\r\n", 400},
      {"chunk longer than its size", post + "Transfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n", 400},
      {"chunk without its end", post + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc0\r\n\r\n\r\n", 400},
      {"chunk line ends with LF", post + "Transfer-Encoding: chunked\r\n\r\n3\nabc\r\n0\r\n\r\n", 400},
      {"LF in a chunk extension", post + "Transfer-Encoding: chunked\r\n\r\n3;a=\"\nb\"\r\nabc\r\n0\r\n\r\n", 400},
      {"open quote in a chunk extension", post + "Transfer-Encoding: chunked\r\n\r\n3;a=\"\r\nabc\r\n0;\"\r\n\r\n",
       400},
      {"space after chunk size", post + "Transfer-Encoding: chunked\r\n\r\n3 \r\nabc\r\n0\r\n\r\n", 400},
      {"length in trailers", post + "Transfer-Encoding: chunked\r\n\r\n0\r\nContent-Length: 5\r\n\r\n", 400},
      {"second chunked in trailers", post + "Transfer-Encoding: chunked\r\n\r\n0\r\nTransfer-Encoding: chunked\r\n\r\n",
       400},
  };
  for (const refused& c : cases) {
    INFO(c.what);
    const outcome got = run(c.text);
    CHECK(got.status == c.status);
    CHECK(got.messages == 0);
  }
}

TEST_CASE("what is no request is refused at once or at the end of its line") {
  const refused cases[] = {
      {"TLS hello", std::string("\x16\x03\x01\x02\x00\x01\x00", 7), 400},
      {"HTTP/0.9", "GET /\r\n\r\n", 400},
      {"no target", "GET HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"two spaces", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"space in target", "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"tab in target", "GET /a\tb HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"target without slash", "GET a HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"target with another scheme", "GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"asterisk of GET", "GET * HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"lower-case http", "GET / http/1.1\r\nHost: a\r\n\r\n", 400},
      {"trailing space", "GET / HTTP/1.1 \r\nHost: a\r\n\r\n", 400},
      {"bad method", "G@T / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"space first", " GET / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
      {"HTTP/1.2", "GET / HTTP/1.2\r\nHost: a\r\n\r\n", 505},
      {"CONNECT", "CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n", 501},
      {"long method", std::string(40, 'A') + " / HTTP/1.1\r\nHost: a\r\n\r\n", 501},
      {"unknown expectation", "GET / HTTP/1.1\r\nHost: a\r\nExpect: miracle\r\n\r\n", 417},
      {"many empty lines", "\r\n\r\n\r\n\r\n\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
  };
  for (const refused& c : cases) {
    INFO(c.what);
    CHECK(run(c.text).status == c.status);
  }
}

TEST_CASE("each limit has its own answer, and holds before the line or block is complete") {
  request_limits limits;
  limits.line_bytes = 100;
  limits.header_bytes = 400;
  limits.header_count = 5;
  limits.body_bytes = 10;
  limits.chunk_line_bytes = 50;
  const std::string get = "GET / HTTP/1.1\r\n" + host;
  const std::string post = "POST / HTTP/1.1\r\n" + host;
  CHECK(run("GET /" + std::string(200, 'a'), limits).status == 414);
  CHECK(run("GET /" + std::string(200, 'a') + " HTTP/1.1\r\n" + host + "\r\n", limits).status == 414);
  CHECK(run("GET /" + std::string(85, 'a') + " HTTP/1.1\r\n" + host + "\r\n", limits).status == 0);
  CHECK(run(get + "X: " + std::string(500, 'a'), limits).status == 431);
  CHECK(run(get + "A: 1\r\nB: 2\r\nC: 3\r\nD: 4\r\nE: 5\r\n\r\n", limits).status == 431);
  CHECK(run(get + "A: 1\r\nB: 2\r\nC: 3\r\nD: 4\r\n\r\n", limits).status == 0);
  CHECK(run(post + "Content-Length: 11\r\n\r\n", limits).status == 413);
  CHECK(run(post + "Content-Length: 10\r\n\r\n0123456789", limits).status == 0);
  CHECK(run(post + "Transfer-Encoding: chunked\r\n\r\n6\r\nabcdef\r\n6\r\nabcdef\r\n0\r\n\r\n", limits).status == 413);
  CHECK(run(post + "Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\n", limits).status == 413);
  CHECK(run(post + "Transfer-Encoding: chunked\r\n\r\n3;" + std::string(100, 'a'), limits).status == 400);
  CHECK(run(post + "Transfer-Encoding: chunked\r\n\r\n0\r\nT: " + std::string(100, 'a'), limits).status == 400);
}

TEST_CASE("the head says what the connection must do") {
  const auto head = [](std::string_view text, auto check) {
    request_parser parser;
    REQUIRE(parser.parse(text) == event::head);
    check(parser.head());
  };
  head("GET / HTTP/1.1\r\nHost: a\r\n\r\n", [](const request_head& h) { CHECK(h.keep_alive); });
  head("GET / HTTP/1.1\r\nHost: a\r\nConnection: x, close\r\n\r\n",
       [](const request_head& h) { CHECK_FALSE(h.keep_alive); });
  head("GET / HTTP/1.0\r\n\r\n", [](const request_head& h) { CHECK_FALSE(h.keep_alive); });
  head("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", [](const request_head& h) { CHECK(h.keep_alive); });
  head("PUT / HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\nContent-Length: 3\r\n\r\n", [](const request_head& h) {
    CHECK(h.expects_continue);
    CHECK(h.content_length == 3u);
  });
  head("GET http://Example.org:81/x?y HTTP/1.1\r\nHost: example.org:81\r\n\r\n", [](const request_head& h) {
    CHECK(h.target == "/x?y");
    CHECK(h.authority == "Example.org:81");
  });
  head("GET http://a?y HTTP/1.1\r\nHost: a\r\n\r\n", [](const request_head& h) { CHECK(h.target == "/?y"); });
  head("OPTIONS * HTTP/1.1\r\nHost: [::1]:80\r\n\r\n", [](const request_head& h) { CHECK(h.target == "*"); });
  head("GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\nx: 2\r\n\r\n",
       [](const request_head& h) { CHECK(h.fields.get("X") == "1"); });
}

TEST_CASE("trailers never reach the head") {
  request_parser parser;
  const std::string head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
  const std::string text = head + "0\r\nAuthorization: x\r\nHost: b\r\n\r\n";
  REQUIRE(parser.parse(text) == event::head);
  REQUIRE(parser.parse(std::string_view(text).substr(parser.consumed())) == event::complete);
  CHECK_FALSE(parser.head().fields.has("Authorization"));
  CHECK(parser.head().authority == "a");
}
