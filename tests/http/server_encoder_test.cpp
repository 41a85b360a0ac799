#include <catch2/catch.hpp>

#include <braid/core/error.hpp>

#include "server/reply_encoder.hpp"

using namespace braid;
using namespace braid::http;

namespace {

constexpr std::time_t sunday = 784111777;

std::string head(const reply& answer, std::string_view method = "GET", int version = 11, bool keep_alive = true) {
  reply_encoder encoder;
  std::string out;
  encoder.head(out, answer, reply_encoder::decide(answer, method, version, keep_alive), version, sunday);
  return out;
}

reply streaming() {
  reply out;
  out.stream([](reply_stream&) -> boost::asio::awaitable<void> { co_return; });
  return out;
}

}  // namespace

TEST_CASE("a reply's head has date, fields and length") {
  CHECK(head(reply::text("hello")) ==
        "HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nContent-Type: text/plain; "
        "charset=utf-8\r\nContent-Length: 5\r\n\r\n");
  CHECK(head(reply(404)).starts_with("HTTP/1.1 404 Not Found\r\n"));
  CHECK(head(reply(599)).starts_with("HTTP/1.1 599 Unknown\r\n"));
  CHECK(head(reply(404)).find("Content-Length: 0\r\n") != std::string::npos);
}

TEST_CASE("the date follows the second") {
  reply_encoder encoder;
  const reply answer;
  std::string first, second;
  encoder.head(first, answer, reply_encoder::decide(answer, "GET", 11, true), 11, sunday);
  encoder.head(second, answer, reply_encoder::decide(answer, "GET", 11, true), 11, sunday + 1);
  CHECK(second.find("08:49:38 GMT") != std::string::npos);
}

TEST_CASE("204 and 304 have neither body nor length") {
  for (const int status : {204, 304}) {
    const std::string text = head(reply(status));
    CHECK(text.find("Content-Length") == std::string::npos);
    CHECK(text.find("Transfer-Encoding") == std::string::npos);
  }
}

TEST_CASE("the connection header says only what the version does not imply") {
  CHECK(head(reply(), "GET", 11, true).find("Connection") == std::string::npos);
  CHECK(head(reply(), "GET", 11, false).find("Connection: close\r\n") != std::string::npos);
  CHECK(head(reply(), "GET", 10, true).find("Connection: keep-alive\r\n") != std::string::npos);
  reply last;
  last.close();
  CHECK(head(last).find("Connection: close\r\n") != std::string::npos);
}

TEST_CASE("a stream is chunked for HTTP/1.1 and ends with the connection for HTTP/1.0") {
  CHECK(head(streaming()).find("Transfer-Encoding: chunked\r\n") != std::string::npos);
  const std::string old = head(streaming(), "GET", 10, true);
  CHECK(old.find("Transfer-Encoding") == std::string::npos);
  CHECK(old.find("Connection: close\r\n") != std::string::npos);
  reply sized = streaming();
  sized.stream([](reply_stream&) -> boost::asio::awaitable<void> { co_return; }, 12);
  CHECK(head(sized).find("Content-Length: 12\r\n") != std::string::npos);
}

TEST_CASE("nothing gets into a reply's header that would break out of it") {
  reply answer;
  CHECK_THROWS_AS(answer.header("X", "a\r\nSet-Cookie: b"), invalid_argument);
  CHECK_THROWS_AS(answer.header("X", "a\nb"), invalid_argument);
  CHECK_THROWS_AS(answer.header("X", std::string_view("a\0b", 3)), invalid_argument);
  CHECK_THROWS_AS(answer.header("X: y", "z"), invalid_argument);
  CHECK_THROWS_AS(answer.header("", "z"), invalid_argument);
  CHECK_THROWS_AS(answer.header("Content-Length", "5"), invalid_argument);
  CHECK_THROWS_AS(answer.header("transfer-encoding", "chunked"), invalid_argument);
  CHECK_THROWS_AS(reply::redirect("http://a/\r\nX: y"), invalid_argument);
}
