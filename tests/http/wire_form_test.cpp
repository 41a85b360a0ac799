// Requests whose bytes their author chooses, and responses that are read leniently.
#include <catch2/catch.hpp>

#include <braid/core/error.hpp>
#include <braid/http/request.hpp>

#include "client/request_encoder.hpp"
#include "client/response_decoder.hpp"

using namespace braid;
using namespace braid::http;

namespace {

wire_form lenient() {
  wire_form form;
  form.lenient = true;
  return form;
}

struct reading {
  std::string told, body;
  response_decoder::event end = response_decoder::event::need_more;
  std::string reason;
  bool keep_alive = false;
};

/// All of `bytes` in pieces of `step`, then the connection's end.
reading read(const std::string& bytes, wire_form form, std::size_t step) {
  reading out;
  form.tap = [&](wire_event, std::string_view text) { out.told += text; };
  response_decoder decoder;
  decoder.start(false, &form);
  std::string input;
  for (std::size_t at = 0; at <= bytes.size() && out.end == response_decoder::event::need_more; at += step) {
    input += bytes.substr(at, step);
    for (;;) {
      const auto what = decoder.decode(input);
      if (what == response_decoder::event::body) out.body += decoder.body();
      input.erase(0, decoder.consumed());
      if (what == response_decoder::event::need_more) break;
      if (what == response_decoder::event::complete || what == response_decoder::event::failed) out.end = what;
      if (out.end != response_decoder::event::need_more) break;
    }
  }
  if (out.end == response_decoder::event::need_more) out.end = decoder.finish(input);
  out.reason = decoder.reason();
  out.keep_alive = decoder.keep_alive();
  return out;
}

constexpr auto complete = response_decoder::event::complete;
constexpr auto failed = response_decoder::event::failed;

}  // namespace

TEST_CASE("a request is written as its wire form says") {
  const request_encoder encoder{client_options()};
  request what("GET", "http://h/a");
  wire_form form;
  form.target = "/a/../b";
  form.lines = "Host: x\r\nX-A:  1\r\n folded\r\n";
  form.version = 10;
  what.wire(form);
  std::string out;
  encoder.head(out, what, true);
  CHECK(out == "GET /a/../b HTTP/1.0\r\nHost: x\r\nX-A:  1\r\n folded\r\n\r\n");
  form.target.clear();
  form.lines.clear();
  form.version = 11;
  what.wire(form);
  out.clear();
  encoder.head(out, what, true);
  CHECK(out.starts_with("GET /a HTTP/1.1\r\nHost: h\r\n"));
}

TEST_CASE("a wire form that would break the head is refused", "[curl-cve]") {
  request what("GET", "http://h/a");
  for (const char* lines : {"A: b", "A b\r\n", "A: b\n\r\n", "A: b\r\n\r\n", " folded: first\r\n", "A: b\rc\r\n"}) {
    wire_form form;
    form.lines = lines;
    INFO(lines);
    CHECK_THROWS_AS(what.wire(form), invalid_argument);
  }
  for (const char* target : {"/a b", "/a\r\nX: y", "/\x7F"}) {
    wire_form form;
    form.target = target;
    CHECK_THROWS_AS(what.wire(form), invalid_argument);
  }
}

TEST_CASE("lenient heads may have LF and folds in any cut") {
  const std::string head =
      "HTTP/1.1 100 Go on\n\nHTTP/1.0 200\nA: b\n  c\r\nTransfer-Encoding: chunked\nContent-Length: 9\n\n";
  for (std::size_t step = 1; step < 40; ++step) {
    const reading got = read(head + "3\nabc\r\n0;x\nT: u\n\n", lenient(), step);
    INFO(step);
    CHECK(got.end == complete);
    CHECK(got.body == "abc");
    CHECK(got.told ==
          "HTTP/1.1 100 Go on\n\nHTTP/1.0 200\nA: b c\r\nTransfer-Encoding: chunked\nContent-Length: 9\n\nT: u\r\n");
  }
}

TEST_CASE("lenient heads may indent their first field and say chunked twice") {
  const std::string bytes =
      "HTTP/1.1 200 OK\n Date: now\nTransfer-Encoding: chunked, chunked\nTransfer-Encoding: chunked\n\n1\na\n0\n\n";
  const reading got = read(bytes, lenient(), 5);
  CHECK(got.end == complete);
  CHECK(got.body == "a");
}

TEST_CASE("a line of a lenient head has a bound of its own") {
  const std::string head = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nLong: ";
  CHECK(read(head + std::string(50'000, 'x') + "\r\n\r\n", lenient(), 1000).end == complete);
  CHECK(read(head + std::string(102'400, 'x') + "\r\n\r\n", lenient(), 1000).end == failed);
  CHECK(read(head + std::string(60'000, 'x') + "\r\n " + std::string(60'000, 'x') + "\r\n\r\n", lenient(), 1000).end ==
        failed);
}

TEST_CASE("strict heads stay strict") {
  CHECK(read("HTTP/1.1 200 OK\nContent-Length: 0\n\n", wire_form(), 100).end == failed);
}

TEST_CASE("what even lenient heads may not have") {
  struct bad {
    std::string bytes, told;
  };
  const std::vector<bad> all{
      {"HTTP/1.1 200 OK\nContent-Length: -6\n\n", "HTTP/1.1 200 OK\n"},
      {"HTTP/1.1 200 OK\nContent-Length: 1\nContent-Length: 2\n\n", "HTTP/1.1 200 OK\nContent-Length: 1\n"},
      {"HTTP/1.1 200 OK\nno colon\n\n", "HTTP/1.1 200 OK\n"},
      {std::string("HTTP/1.1 200 OK\nA: \0\n\n", 22), "HTTP/1.1 200 OK\n"},
      {"HTTP/1.1 200 OK\nA: b\rc\n\n", "HTTP/1.1 200 OK\n"},
      {"HTTP/1.1 200 OK\nTransfer-Encoding: chunked, other\n\n", "HTTP/1.1 200 OK\n"},
      {"HTTP/1.2 200 OK\n\n", ""},
      {"HTTP/1.1 2000 OK\n\n", ""},
      {"hello\n", ""},
  };
  for (const bad& one : all) {
    const reading got = read(one.bytes, lenient(), 7);
    INFO(one.bytes);
    CHECK(got.end == failed);
    CHECK(got.told == one.told);
  }
}

TEST_CASE("bytes behind the end close the connection") {
  const reading got = read("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nabcd", lenient(), 1000);
  CHECK(got.end == complete);
  CHECK(got.body == "ab");
  CHECK_FALSE(got.keep_alive);
}

TEST_CASE("a raw body keeps its chunks") {
  wire_form form = lenient();
  form.raw_body = true;
  const std::string chunks = "3\r\nabc\r\n0\r\nT: u\r\n\r\n";
  for (std::size_t step = 1; step < 30; ++step) {
    const reading got = read("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks, form, step);
    INFO(step);
    CHECK(got.end == complete);
    CHECK(got.body == chunks);
  }
}

TEST_CASE("an answer without a head is a body where that is allowed") {
  wire_form form = lenient();
  form.http_0_9 = true;
  const reading got = read("plain", form, 100);
  CHECK(got.end == complete);
  CHECK(got.body == "plain");
}
