#include <catch2/catch.hpp>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "client/response_decoder.hpp"
#include "conformance_line.hpp"

using namespace braid::http;
using event = response_decoder::event;
using fault = response_decoder::fault;

namespace {

struct outcome {
  std::vector<int> statuses;
  std::string body;
  bool refused = false;
  bool complete = false;  // the last response is whole
  std::string reason;
  fault why = fault::none;
};

/// Decodes response after response, in pieces of `step` bytes; `ends` says the connection closed behind them.
outcome decode(std::string_view input, std::size_t step = 0, bool ends = false, bool to_head = false) {
  outcome out;
  response_decoder decoder;
  decoder.start(to_head);
  std::string held;
  std::size_t given = 0;
  const auto fail = [&] {
    out.refused = true;
    out.reason = decoder.reason();
    out.why = decoder.why();
    return out;
  };
  for (;;) {
    const event what = decoder.decode(held);
    if (what == event::head) out.statuses.push_back(decoder.status());
    if (what == event::body) out.body += decoder.body();
    if (what == event::failed) return fail();
    held.erase(0, decoder.consumed());
    if (what == event::complete) {
      out.complete = true;
      if (!decoder.keep_alive() || (held.empty() && given == input.size())) return out;
      decoder.start(to_head);
    } else if (what == event::need_more) {
      if (given == input.size()) break;
      const std::size_t size = step == 0 ? input.size() : std::min(step, input.size() - given);
      if (decoder.consumed() > 0 || size > 0) out.complete = false;
      held += input.substr(given, size);
      given += size;
    }
  }
  if (ends) {
    if (decoder.finish() == event::failed) return fail();
    out.complete = true;
  }
  return out;
}

outcome to_get(std::string_view input) { return decode(input, 0, true); }

}  // namespace

TEST_CASE("a control byte is found wherever it stands in a field value") {
  for (int byte = 0; byte < 256; ++byte) {
    const bool refused = (byte < 0x20 && byte != '\t') || byte == 0x7F;
    for (std::size_t place = 1; place < 20; ++place) {
      std::string value(20, 'x');
      value[place] = static_cast<char>(byte);
      CAPTURE(byte, place);
      CHECK(to_get("HTTP/1.1 204 No\r\nA: " + value + "\r\n\r\n").refused == refused);
      CHECK(to_get("HTTP/1.1 204 " + value + "\r\n\r\n").refused == refused);
    }
  }
}

TEST_CASE("responses of llhttp's corpus are taken and refused as there", "[conformance]") {
  std::ifstream file(std::string(BRAID_SHARED_DIR) + "/data/conformance/http1/responses.jsonl");
  if (!file) {
    WARN("[skipped] no ../shared/data");
    return;
  }
  // What llhttp takes and braid refuses: also what is no HTTP and, in its lenient modes, what RFC 9112 forbids.
  const std::map<std::string, std::string> stricter{
      {"RTSP response", "not HTTP (RFC 9112, 2.3)"},
      {"ICE response", "not HTTP (RFC 9112, 2.3)"},
      {"HTTP version 0.9", "0.9 had no status line (RFC 9112, 2.3)"},
      {"HTTP/1.1 with keep-alive disabled, content-length (lenient)", "bytes after the last response (RFC 9112, 9.6)"},
      {"HTTP/1.1 with keep-alive disabled and 204 status (lenient)", "bytes after the last response (RFC 9112, 9.6)"},
      {"Bare CR after response line (lenient)", "CR without LF (RFC 9112, 2.2)"},
      {"Only LFs present and no body (lenient)", "LF without CR (RFC 9112, 2.2)"},
      {"Only LFs present (lenient)", "LF without CR (RFC 9112, 2.2)"},
      {"No carriage ret (lenient)", "LF without CR (RFC 9112, 2.2)"},
      {"Invalid HTTP version (lenient)", "no version of HTTP/1 (RFC 9112, 2.3)"},
      {"Invalid OBS fold after chunked value", "a folded field (RFC 9112, 5.2)"},
  };
  std::string line;
  int total = 0, passed = 0;
  while (std::getline(file, line)) {
    const auto one = nlohmann::json::parse(line);
    const std::string title = one["title"];
    ++total;
    const bool must_refuse = !one["error"].is_null();
    const auto known = stricter.find(title);
    const bool refuse = must_refuse || known != stricter.end();
    bool as_there = true;
    const bool to_head = one["meta"].value("skipBody", false);
    for (const std::size_t step : {0, 1, 7}) {
      const outcome got = decode(one["input"].get<std::string>(), step, false, to_head);
      INFO(title << " in steps of " << step << ": " << got.reason);
      if (known != stricter.end()) UNSCOPED_INFO(known->second);
      // Bytes behind the last response can only be seen when they come together with it.
      const bool behind = one["input"].get<std::string>().find("Connection: close") != std::string::npos;
      if (step != 0 && behind && refuse) continue;
      CHECK(got.refused == refuse);
      as_there = as_there && got.refused == must_refuse;
    }
    passed += as_there;
  }
  CHECK(total == 85);
  report_conformance("HTTP/1.1 responses (llhttp)", passed, total,
                     std::to_string(stricter.size()) + " refused that llhttp takes: not HTTP/1, or a lenient mode");
}

TEST_CASE("a body ends where its header says") {
  CHECK(to_get("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello").body == "hello");
  CHECK(to_get("HTTP/1.1 200 OK\r\n\r\nhello").body == "hello");
  CHECK(to_get("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\nT: 1\r\n\r\n")
            .body == "hello");
  CHECK(to_get("HTTP/1.1 204 No\r\nContent-Length: 5\r\n\r\n").complete);
  CHECK(to_get("HTTP/1.1 304 No\r\nContent-Length: 5\r\n\r\n").complete);
  CHECK(decode("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", 0, true, true).complete);
  const outcome early = to_get(
      "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 100 Go\r\n\r\nHTTP/1.1 200 OK\r\n"
      "Content-Length: 1\r\n\r\nx");
  CHECK(early.statuses == std::vector<int>{200});
  CHECK(early.body == "x");
}

TEST_CASE("a body that is cut off is no body") {
  for (const std::string text :
       {"", "HTTP/1.1 200", "HTTP/1.1 200 OK\r\nA: b", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "HTTP/1.1 100 Continue\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhell",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n"}) {
    INFO(text);
    CHECK(to_get(text).why == fault::cut_off);
  }
}

TEST_CASE("what two readers could understand differently is refused") {
  for (const std::string fields : {"Content-Length: 5\r\nContent-Length: 6",
                                   "Content-Length: 5, 6",
                                   "Content-Length: +5",
                                   "Content-Length: -5",
                                   "Content-Length: 5 5",
                                   "Content-Length: 0x5",
                                   "Content-Length:",
                                   "Content-Length: 5,",
                                   "Content-Length: 99999999999999999999",
                                   "Content-Length: 5\r\nTransfer-Encoding: chunked",
                                   "Transfer-Encoding: chunked\r\nContent-Length: 5",
                                   "Transfer-Encoding: gzip, chunked",
                                   "Transfer-Encoding: chunked, chunked",
                                   "A: b\r\n c",
                                   "A : b",
                                   " A: b",
                                   "A: b\nC: d",
                                   "A\r\n",
                                   ": b",
                                   "A: b\rC: d",
                                   "A(: b",
                                   "A: b\x01"}) {
    INFO(fields);
    const outcome got = to_get("HTTP/1.1 200 OK\r\n" + fields + "\r\n\r\nhello");
    CHECK(got.refused);
    CHECK(got.why == fault::protocol);
  }
  CHECK(to_get(std::string("HTTP/1.1 200 OK\r\nA: b\0c\r\n\r\n", 27)).refused);
  CHECK(to_get("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n").refused);
  // The same number twice is one number (RFC 9112, 6.3).
  CHECK(to_get("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello").body == "hello");
  CHECK(to_get("HTTP/1.1 200 OK\r\nContent-Length: 5, 5\r\n\r\nhello").body == "hello");
}

TEST_CASE("broken chunks are refused") {
  for (const std::string body :
       {"g\r\nx\r\n0\r\n\r\n", "-1\r\nx\r\n0\r\n\r\n", "0x1\r\nx\r\n0\r\n\r\n", " 1\r\nx\r\n0\r\n\r\n",
        "1 \r\nx\r\n0\r\n\r\n", "1;\r\nx\r\n0\r\n\r\n", "1\nx\r\n0\r\n\r\n", "1\r\nxy\r\n0\r\n\r\n",
        "1\r\nx\n0\r\n\r\n", "\r\n1\r\nx\r\n0\r\n\r\n", "fffffffffffffffff\r\nx\r\n0\r\n\r\n",
        "1\r\nx\r\n0\r\nbad trailer\r\n\r\n", "1;a=\"b\r\nx\r\n0\r\n\r\n"}) {
    INFO(body);
    for (const std::size_t step : {0, 1, 3}) {
      CHECK(decode("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + body, step, true).refused);
    }
  }
}

TEST_CASE("empty lines before a response are few, however they come", "[curl-cve]") {
  for (const std::string& piece : {std::string("\r\n"), std::string("\r\n\r\n")}) {
    response_decoder decoder;
    decoder.start(false);
    std::size_t lines = 0;
    while (lines < 100 && decoder.decode(piece) == response_decoder::event::need_more) lines += piece.size() / 2;
    CHECK(lines == 4);
  }
}

TEST_CASE("header block, header lines, 1xx responses, chunk lines and trailers are bounded", "[curl-cve]") {
  const auto over = [](const outcome& got) { return got.refused && got.why == fault::limit; };
  CHECK(over(to_get("HTTP/1.1 200 OK\r\nA: " + std::string(70'000, 'x'))));
  std::string many = "HTTP/1.1 200 OK\r\n";
  for (int i = 0; i < 300; ++i) many += "A: b\r\n";
  CHECK(over(to_get(many + "\r\n")));
  std::string early;
  for (int i = 0; i < 50; ++i) early += "HTTP/1.1 103 Early\r\n\r\n";
  CHECK(over(to_get(early)));
  const std::string chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  CHECK(over(to_get(chunked + "1;" + std::string(10'000, 'x'))));
  CHECK(over(to_get(chunked + "0\r\nA: " + std::string(10'000, 'x'))));
}

TEST_CASE("keep-alive follows version and Connection") {
  const auto keeps = [](std::string_view text) {
    response_decoder decoder;
    decoder.start(false);
    REQUIRE(decoder.decode(text) == event::head);
    return decoder.keep_alive();
  };
  CHECK(keeps("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
  CHECK_FALSE(keeps("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: foo, Close\r\n\r\n"));
  CHECK_FALSE(keeps("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n"));
  CHECK(keeps("HTTP/1.0 200 OK\r\nContent-Length: 0\r\nConnection: keep-alive\r\n\r\n"));
  CHECK_FALSE(keeps("HTTP/1.1 200 OK\r\n\r\n"));
  CHECK(keeps("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nKeep-Alive: timeout=5, max=1\r\n\r\n"));
  CHECK_FALSE(keeps("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nKeep-Alive: timeout=5, max=0\r\n\r\n"));
  CHECK_FALSE(keeps("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nkeep-alive: Timeout = 0\r\n\r\n"));
}

TEST_CASE("how long a server keeps a connection at rest is read from Keep-Alive") {
  const auto seconds = [](const std::string& value, bool lenient) {
    wire_form form;
    form.lenient = lenient;
    response_decoder decoder;
    decoder.start(false, &form);
    const event what = decoder.decode("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nKeep-Alive: " + value + "\r\n\r\n");
    REQUIRE(what == event::head);
    return decoder.rest_seconds();
  };
  for (const bool lenient : {false, true}) {
    CHECK(seconds("timeout=5", lenient) == 5u);
    CHECK(seconds("max=100 , TIMEOUT = 15", lenient) == 15u);
    for (const char* const other :
         {"", "max=3", "timeout", "timeout=x", "timeout=5x", "timeout=99999999999", "timeout=-1"}) {
      CHECK_FALSE(seconds(other, lenient));
    }
  }
  response_decoder decoder;
  decoder.start(false);
  decoder.decode("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nKeep-Alive: timeout=5\r\n\r\n");
  decoder.start(false);
  decoder.decode("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  CHECK_FALSE(decoder.rest_seconds());
}

TEST_CASE("blanks before a header's colon are refused") {
  for (const char* const line : {"Content-Length : 5", "Content-Length\t: 5", "Transfer-Encoding : chunked", "A : b",
                                 "A \t: b", " A: b", ": b"}) {
    const outcome got = to_get("HTTP/1.1 200 OK\r\n" + std::string(line) + "\r\n\r\nhello");
    CAPTURE(line);
    CHECK(got.refused);
    CHECK(got.why == fault::protocol);
    // Not the last line of a header, nor the first.
    CHECK(to_get("HTTP/1.1 200 OK\r\nB: c\r\n" + std::string(line) + "\r\nD: e\r\n\r\nhello").refused);
  }
  CHECK(to_get("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello").body == "hello");
}
