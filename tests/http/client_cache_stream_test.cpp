// Streams by way of a client's cache.
#include <braid/http/wire_form.hpp>

#include "cache_scene.hpp"

using namespace client_tests;

namespace {

http::request page(std::string_view fields = "") {
  http::request out("GET", "http://h/");
  if (const std::size_t colon = fields.find(':'); colon != fields.npos) {
    out.header(fields.substr(0, colon), fields.substr(colon + 2));
  }
  return out;
}

/// The body of a stream, and whether it came from the cache.
awaitable<std::string> streamed(http::client client, http::request what) {
  http::response_stream got = co_await client.stream(std::move(what));
  std::string body = co_await got.read_all();
  const std::string_view over = co_await got.read_some();
  if (!over.empty()) body += " and more";
  co_return (got.from_cache() ? "kept " : "asked ") + std::to_string(got.status()) + " " + body;
}

const std::string minute = "Cache-Control: max-age=60\r\n";

}  // namespace

TEST_CASE("a stream that was read to its end is kept and answers streams and whole requests") {
  scene s({"HTTP/1.1 200 OK\r\n" + minute + "Transfer-Encoding: chunked\r\n\r\n3\r\none\r\n4\r\n two\r\n0\r\n\r\n"});
  run_virtual([&]() -> awaitable<void> {
    http::client client = s.client();
    std::string got = co_await streamed(client, page());
    CHECK(got == "asked 200 one two");
    s.now += 59s;
    got = co_await streamed(client, page());
    CHECK(got == "kept 200 one two");
    const http::response whole = co_await client.get("http://h/");
    CHECK(whole.from_cache());
    CHECK(whole.body() == "one two");
    CHECK(whole.header("Age") == "59");
    got = co_await streamed(client, page("Range: bytes=4-"));
    CHECK(got == "kept 206 two");
    CHECK(s.asked() == 1);
    co_await client.close();
    const std::string pool = co_await pool_of(client);
    CHECK(pool == clean);
  });
}

TEST_CASE("what a whole request left in the cache answers a stream") {
  scene s({ok("one", minute)});
  run_virtual([&]() -> awaitable<void> {
    http::client client = s.client();
    co_await client.get("http://h/");
    const std::string got = co_await streamed(client, page());
    CHECK(got == "kept 200 one");
    http::response_stream moved = co_await client.stream(page());
    http::response_stream there = std::move(moved);
    const std::string_view piece = co_await there.read_some();
    CHECK(piece == "one");
    std::string over;
    try {
      http::response_stream again = co_await client.stream(page());
      over = co_await again.read_all(2);
    } catch (const limit_error& e) {
      over = e.what();
    }
    CHECK(over == "GET http://h/: the body is over the limit of 2 bytes");
    CHECK(s.asked() == 1);
  });
}

TEST_CASE("a stream that is left, cut off or too large is not kept") {
  scene s({ok("left", minute), "HTTP/1.1 200 OK\r\n" + minute + "Content-Length: 10\r\n\r\ncut"});
  s.peer.next(answers_and_closes("HTTP/1.1 200 OK\r\n" + minute + "Content-Length: 10\r\n\r\ncut"));
  s.peer.next(
      answers_and_closes("HTTP/1.1 200 OK\r\n" + minute + "Content-Length: 900\r\n\r\n" + std::string(900, 'a')));
  s.peer.next(answers_and_closes("HTTP/1.1 200 OK\r\n" + minute + "Connection: close\r\n\r\n" + std::string(900, 'b')));
  http::cache_limits limits;
  limits.entry_bytes = 800;
  s.cache = std::make_shared<http::memory_cache>(limits);
  s.options.cache = s.cache;
  run_virtual([&]() -> awaitable<void> {
    http::client client = s.client();
    {
      http::response_stream cut = co_await client.stream(page());
      std::string how;
      try {
        co_await cut.read_all();
      } catch (const connection_lost& e) {
        how = e.what();
      }
      CHECK(how.find("after 3 of 10 body bytes") != how.npos);
    }
    for (const char* const letter : {"a", "b"}) {
      http::response_stream large = co_await client.stream(page());
      const std::string body = co_await large.read_all();
      CHECK(body == std::string(900, *letter));
    }
    {
      http::response_stream left = co_await client.stream(page());
      const std::string_view piece = co_await left.read_some();
      CHECK(piece == "left");
    }
    CHECK(s.cache->size() == 0);
    CHECK(s.asked() == 4);
  });
}

TEST_CASE("a stale stream is validated and the connection stays in use") {
  scene s({ok("one", minute + "ETag: \"x\"\r\n"), not_modified(minute), ok("two", minute + "ETag: \"y\"\r\n")});
  run_virtual([&]() -> awaitable<void> {
    http::client client = s.client();
    std::string got = co_await streamed(client, page());
    s.now += 61s;
    got = co_await streamed(client, page());
    CHECK(got == "kept 200 one");
    CHECK(has(s.peer.requests()[1], "\r\nIf-None-Match: \"x\"\r\n"));
    s.now += 59s;
    got = co_await streamed(client, page());
    CHECK(s.asked() == 2);
    s.now += 61s;
    got = co_await streamed(client, page());
    CHECK(got == "asked 200 two");
    CHECK(s.asked() == 3);
    CHECK(s.peer.connections() == 1);
  });
}

TEST_CASE("a stream obeys stale-while-revalidate, stale-if-error and only-if-cached") {
  scene s({ok("one", "Cache-Control: max-age=60, stale-while-revalidate=60, stale-if-error=600\r\n"),
           ok("two", "Cache-Control: max-age=60, stale-if-error=600\r\n"),
           "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n"});
  run_virtual([&]() -> awaitable<void> {
    http::client client = s.client();
    std::string got = co_await streamed(client, page("Cache-Control: only-if-cached"));
    CHECK(got == "asked 504 ");
    co_await streamed(client, page());
    s.now += 61s;
    got = co_await streamed(client, page());
    CHECK(got == "kept 200 one");
    co_await sleep_for(1s);
    got = co_await streamed(client, page());
    CHECK(got == "kept 200 two");
    s.now += 61s;
    got = co_await streamed(client, page());
    CHECK(got == "kept 200 two");
    CHECK(s.asked() == 3);
  });
}

TEST_CASE("what says how it stands on the wire, or asks to be kept nowhere, goes past the cache") {
  scene s({ok("one", minute), ok("two", minute), ok("three", minute), ok("four", minute)});
  run_virtual([&]() -> awaitable<void> {
    http::client client = s.client();
    co_await streamed(client, page());
    http::wire_form form;
    form.target = "/";
    for (const bool whole : {false, true}) {
      http::request shaped = page();
      shaped.wire(form);
      if (whole) {
        const http::response got = co_await client.send(std::move(shaped));
        CHECK(got.body() == "three");
      } else {
        const std::string got = co_await streamed(client, std::move(shaped));
        CHECK(got == "asked 200 two");
      }
    }
    std::string got = co_await streamed(client, page("Cache-Control: no-store"));
    CHECK(got == "asked 200 four");
    got = co_await streamed(client, page());
    CHECK(got == "kept 200 one");
  });
}

TEST_CASE("a stream that fails behind an observer is told of and not kept") {
  scene s({"HTTP/1.1 200 OK\r\n" + minute + "Content-Length: 3\r\n\r\none"});
  s.peer.next(answers_and_closes("HTTP/1.1 200 OK\r\n" + minute + "Content-Length: 10\r\n\r\ncut"));
  int failures = 0;
  s.options.events = [&](const http::request_event& event) {
    if (event.phase == http::request_phase::failed) ++failures;
  };
  run_virtual([&]() -> awaitable<void> {
    http::client client = s.client();
    bool lost = false;
    try {
      co_await streamed(client, page());
    } catch (const connection_lost&) {
      lost = true;
    }
    CHECK(lost);
    CHECK(failures == 1);
    std::string got = co_await streamed(client, page());
    CHECK(got == "asked 200 one");
    got = co_await streamed(client, page());
    CHECK(got == "kept 200 one");
  });
}
