#include <braid/core/error.hpp>

#include "server_fixture.hpp"

using namespace server_tests;

namespace {

std::size_t count(std::string_view text, std::string_view piece) {
  std::size_t n = 0;
  for (std::size_t at = text.find(piece); at != text.npos; at = text.find(piece, at + piece.size())) ++n;
  return n;
}

bool has(std::string_view text, std::string_view piece) { return text.find(piece) != text.npos; }

}  // namespace

TEST_CASE("a kept connection serves request after request, one read and one write each") {
  visitor v(say_path);
  converse(v, [&]() -> awaitable<void> {
    for (int i = 0; i < 5; ++i) {
      co_await v.send(get("/" + std::to_string(i)));
      const std::string text = co_await v.read_until(">");
      CHECK(has(text, "</" + std::to_string(i) + ">"));
    }
    CHECK(v.server_end->writes() == 5);
    CHECK(v.server_end->reads() == 6);  // the last one is under way
  });
}

TEST_CASE("pipelined requests are answered in order") {
  visitor v(say_path);
  converse(v, [&]() -> awaitable<void> {
    co_await v.send(get("/1") + get("/2") + get("/3", "Connection: close\r\n"));
    const std::string text = co_await v.read_all();
    CHECK(v.closed);
    CHECK(count(text, "HTTP/1.1 200 OK") == 3);
    CHECK(text.find("</1>") < text.find("</2>"));
    CHECK(text.find("</2>") < text.find("</3>"));
    CHECK(count(text, "Connection: close") == 1);
  });
}

TEST_CASE("a request may come byte by byte") {
  visitor v([](http::server_request& request) -> awaitable<http::reply> {
    std::string body = co_await request.body();
    co_return http::reply::text("[" + body + "]");
  });
  v.server_end->read_sizes({1});
  converse(v, [&]() -> awaitable<void> {
    co_await v.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n" +
                    get("/2"));
    const std::string first = co_await v.read_until("]");
    CHECK(has(first, "[abcde]"));
    const std::string second = co_await v.read_until("]");
    CHECK(has(second, "[]"));
  });
}

TEST_CASE("HEAD has the length and no body") {
  visitor v(say_path);
  converse(v, [&]() -> awaitable<void> {
    co_await v.send("HEAD /abc HTTP/1.1\r\nHost: a\r\n\r\n" + get("/next"));
    const std::string text = co_await v.read_until("</next>");
    CHECK(has(text, "Content-Length: 6\r\n"));
    CHECK_FALSE(has(text, "</abc>"));
  });
}

TEST_CASE("a streaming reply is chunked, to HTTP/1.0 it ends with the connection") {
  const auto handler = [](http::server_request&) -> awaitable<http::reply> {
    http::reply out;
    out.stream([](http::reply_stream& to) -> awaitable<void> {
      co_await to.write("hello ");
      co_await to.write("");
      co_await to.write(std::string(20, 'x'));
    });
    co_return out;
  };
  visitor v(handler);
  converse(v, [&]() -> awaitable<void> {
    co_await v.send(get("/"));
    const std::string text = co_await v.read_until("\r\n0\r\n\r\n");
    CHECK(has(text, "\r\n\r\n6\r\nhello \r\n14\r\nxxxxxxxxxxxxxxxxxxxx\r\n0\r\n\r\n"));
  });
  visitor old(handler);
  converse(old, [&]() -> awaitable<void> {
    co_await old.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    const std::string text = co_await old.read_all();
    CHECK(old.closed);
    CHECK(text.ends_with("\r\n\r\nhello xxxxxxxxxxxxxxxxxxxx"));
  });
}

TEST_CASE("a streaming reply that falls short of its length, or fails, is cut off visibly") {
  for (const bool named : {true, false}) {
    visitor v([named](http::server_request&) -> awaitable<http::reply> {
      http::reply out;
      std::optional<std::uint64_t> length;
      if (named) length = 10;
      out.stream(
          [](http::reply_stream& to) -> awaitable<void> {
            co_await to.write("hello");
            throw std::runtime_error("no more");
          },
          length);
      co_return out;
    });
    converse(v, [&]() -> awaitable<void> {
      co_await v.send(get("/") + get("/"));
      const std::string text = co_await v.read_all();
      CHECK(has(text, "hello"));
      CHECK_FALSE(has(text, "\r\n0\r\n"));
      CHECK(count(text, "HTTP/1.1") == 1);
    });
  }
}

TEST_CASE("a large body is sent whole") {
  const std::string large(300'000, 'x');
  visitor v([&](http::server_request&) -> awaitable<http::reply> { co_return http::reply::text(large); });
  converse(v, [&]() -> awaitable<void> {
    co_await v.send(get("/", "Connection: close\r\n"));
    const std::string text = co_await v.read_all();
    CHECK(text.size() > large.size());
    CHECK(text.ends_with("\r\n\r\n" + large));
  });
}

TEST_CASE("what is no request gets 400 and the connection ends; what follows is not served") {
  int served = 0;
  visitor v([&](http::server_request&) -> awaitable<http::reply> {
    ++served;
    co_return http::reply::text("x");
  });
  converse(v, [&]() -> awaitable<void> {
    co_await v.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" +
                    get("/admin"));
    const std::string text = co_await v.read_all();
    CHECK(text.starts_with("HTTP/1.1 400 Bad Request\r\n"));
    CHECK(has(text, "Connection: close\r\n"));
    CHECK(count(text, "HTTP/1.1") == 1);
    CHECK(v.closed);
  });
  CHECK(served == 0);
}

TEST_CASE("a failing handler gives 500 without its words, and the connection goes on") {
  std::string told;
  http::server_options options;
  options.on_error = [&](std::string_view target, const std::exception_ptr& failure) {
    told = std::string(target) + " " + describe(failure);
  };
  visitor v(
      [](http::server_request& request) -> awaitable<http::reply> {
        if (request.path() == "/bad") throw std::runtime_error("secret");
        co_return http::reply::text("fine");
      },
      options);
  converse(v, [&]() -> awaitable<void> {
    co_await v.send(get("/bad") + get("/good"));
    const std::string text = co_await v.read_until("fine");
    CHECK(text.starts_with("HTTP/1.1 500 "));
    CHECK_FALSE(has(text, "secret"));
  });
  CHECK(told == "/bad secret");
}

TEST_CASE("a body that the handler leaves is skipped when small; when large the connection ends") {
  visitor v(say_path);
  converse(v, [&]() -> awaitable<void> {
    co_await v.send("POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello" + get("/2"));
    const std::string text = co_await v.read_until("</2>");
    CHECK(count(text, "200 OK") == 2);
  });
  visitor large(say_path);
  converse(large, [&]() -> awaitable<void> {
    co_await large.send("POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n");
    co_await large.send(std::string(300'000, 'x'));
    const std::string text = co_await large.read_all();
    CHECK(has(text, "</1>"));
    CHECK(large.closed);
  });
}

TEST_CASE("100 Continue is sent when the handler reads, and only then") {
  visitor v([](http::server_request& request) -> awaitable<http::reply> {
    if (request.path() == "/refused") co_return http::reply(403);
    const std::string body = co_await request.body();
    co_return http::reply::text("[" + body + "]");
  });
  converse(v, [&]() -> awaitable<void> {
    co_await v.send("PUT /a HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
    const std::string interim = co_await v.read_until("\r\n\r\n");
    CHECK(interim == "HTTP/1.1 100 Continue\r\n\r\n");
    co_await v.send("abc");
    const std::string text = co_await v.read_until("]");
    CHECK(text.starts_with("HTTP/1.1 200 OK"));
    CHECK(has(text, "[abc]"));
    co_await v.send("PUT /refused HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
    const std::string refusal = co_await v.read_all();
    CHECK(refusal.starts_with("HTTP/1.1 403 "));
    CHECK(has(refusal, "Connection: close"));
  });
}

TEST_CASE("a body over the limit, or broken, is the handler's exception and the peer's status") {
  http::server_options options;
  options.limits.body_bytes = 10;
  std::string seen;
  const auto handler = [&](http::server_request& request) -> awaitable<http::reply> {
    try {
      co_await request.body();
    } catch (const error& failure) {
      seen = to_string(failure.code());
      throw;
    }
    co_return http::reply();
  };
  visitor long_one(handler, options);
  converse(long_one, [&]() -> awaitable<void> {
    co_await long_one.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n20\r\nabc");
    const std::string text = co_await long_one.read_all();
    CHECK(text.starts_with("HTTP/1.1 413 "));
  });
  CHECK(seen == "limit_exceeded");
  visitor broken(handler, options);
  converse(broken, [&]() -> awaitable<void> {
    co_await broken.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nxyzzy\r\n");
    const std::string text = co_await broken.read_all();
    CHECK(text.starts_with("HTTP/1.1 400 "));
  });
  CHECK(seen == "protocol");
}

TEST_CASE("a connection serves no more requests than its limit") {
  http::server_options options;
  options.limits.requests = 3;
  visitor v(say_path, options);
  converse(v, [&]() -> awaitable<void> {
    co_await v.send(get("/1") + get("/2") + get("/3") + get("/4"));
    const std::string text = co_await v.read_all();
    CHECK(count(text, "200 OK") == 3);
    CHECK(count(text, "Connection: close") == 1);
  });
}

TEST_CASE("a handler can take the connection over, and can have it reset") {
  visitor raw([](http::server_request&) -> awaitable<http::reply> {
    co_return http::reply::raw([](net::transport& to) -> awaitable<void> {
      const std::string text = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf";
      co_await to.write(asio::buffer(text));
    });
  });
  converse(raw, [&]() -> awaitable<void> {
    co_await raw.send(get("/"));
    const std::string text = co_await raw.read_all();
    CHECK(text.ends_with("\r\n\r\nhalf"));
    CHECK(raw.closed);
  });
  visitor reset([](http::server_request&) -> awaitable<http::reply> { co_return http::reply::reset(); });
  converse(reset, [&]() -> awaitable<void> {
    co_await reset.send(get("/"));
    const std::string text = co_await reset.read_all();
    CHECK(text.empty());
    CHECK(reset.broken);
  });
}
