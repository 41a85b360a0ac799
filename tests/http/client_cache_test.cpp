#include "cache_scene.hpp"

using namespace client_tests;

TEST_CASE("a fresh response is given again without asking and says its age") {
  scene s({ok("one", "Cache-Control: max-age=60\r\n"), ok("two", "Cache-Control: max-age=60\r\n")});
  run_virtual([&]() -> awaitable<void> {
    http::client client = s.client();
    http::response got = co_await client.get("http://h/");
    CHECK_FALSE(got.from_cache());
    s.now += 59s;
    got = co_await client.get("http://h/#part");
    CHECK(got.body() == "one");
    CHECK(got.from_cache());
    CHECK(got.header("Age") == "59");
    CHECK(got.status() == 200);
    CHECK(got.url().str() == "http://h/#part");
    s.now += 1s;
    got = co_await client.get("http://h/");
    CHECK(got.body() == "two");
    CHECK(s.asked() == 2);
  });
}

TEST_CASE("a stale response is validated and renewed by a 304") {
  scene s({ok("one", "Cache-Control: max-age=60\r\nETag: \"x\"\r\nLast-Modified: Thu, 30 Apr 2026 00:00:00 GMT\r\n"),
           not_modified("Cache-Control: max-age=100\r\nA: 1\r\n")});
  run_virtual([&]() -> awaitable<void> {
    http::client client = s.client();
    co_await client.get("http://h/");
    s.now += 61s;
    http::response got = co_await client.get("http://h/");
    CHECK(got.status() == 200);
    CHECK(got.body() == "one");
    CHECK(got.header("A") == "1");
    CHECK(has(s.peer.requests()[1], "\r\nIf-None-Match: \"x\"\r\n"));
    CHECK(has(s.peer.requests()[1], "\r\nIf-Modified-Since: Thu, 30 Apr 2026 00:00:00 GMT\r\n"));
    s.now += 99s;
    got = co_await client.get("http://h/");
    CHECK(got.body() == "one");
    CHECK(s.asked() == 2);
  });
}

TEST_CASE("a validation that is redirected compares with nothing at the other place") {
  scene s({ok("one", "Cache-Control: max-age=1\r\nETag: \"x\"\r\n"),
           "HTTP/1.1 302 Found\r\nLocation: /other\r\nContent-Length: 0\r\n\r\n",
           ok("other", "Cache-Control: max-age=60\r\n"), ok("again")});
  run_virtual([&]() -> awaitable<void> {
    http::client client = s.client();
    co_await client.get("http://h/");
    s.now += 2s;
    http::response got = co_await client.get("http://h/");
    CHECK(got.body() == "other");
    CHECK(has(s.peer.requests()[1], "If-None-Match"));
    CHECK_FALSE(has(s.peer.requests()[2], "If-None-Match"));
    got = co_await client.get("http://h/other");
    CHECK(got.body() == "again");
  });
}

TEST_CASE("a request of other fields or other decoding gets no response that was not for it") {
  scene s({ok("one", "Cache-Control: max-age=60\r\nVary: X\r\n"), ok("two", "Cache-Control: max-age=60\r\nVary: X\r\n"),
           ok("three", "Cache-Control: max-age=60\r\n")});
  run_virtual([&]() -> awaitable<void> {
    http::client client = s.client();
    for (const char* const value : {"1", "2", "1", "2"}) {
      http::request what("GET", "http://h/");
      what.header("X", value);
      const http::response got = co_await client.send(std::move(what));
      CHECK(got.body() == (*value == '1' ? "one" : "two"));
    }
    CHECK(s.asked() == 2);
    http::request raw("GET", "http://h/");
    raw.header("X", "1").header("Accept-Encoding", "identity");
    const http::response got = co_await client.send(std::move(raw));
    CHECK(got.body() == "three");
  });
}

TEST_CASE("no-store keeps nothing and only-if-cached asks nobody") {
  scene s({ok("one", "Cache-Control: max-age=60, no-store\r\n"), ok("two")});
  run_virtual([&]() -> awaitable<void> {
    http::client client = s.client();
    co_await client.get("http://h/");
    CHECK(s.cache->size() == 0);
    http::request what("GET", "http://h/");
    what.header("Cache-Control", "only-if-cached");
    const http::response got = co_await client.send(std::move(what));
    CHECK(got.status() == 504);
    CHECK(s.asked() == 1);
  });
}

TEST_CASE("an unsafe request makes what is stored worthless, a failed one does not") {
  const std::string page = ok("page", "Cache-Control: max-age=60\r\n");
  scene s({page, page, "HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n", ok("done", "Location: /b\r\n"), ok("new a"),
           ok("new b")});
  run_virtual([&]() -> awaitable<void> {
    http::client client = s.client();
    co_await client.get("http://h/a");
    co_await client.get("http://h/b");
    co_await client.post("http://h/a", "x");
    CHECK(s.cache->size() == 2);
    http::response_stream stream = co_await client.stream(http::request("DELETE", "http://h/a"));
    co_await stream.read_all();
    CHECK(s.cache->size() == 0);
    const http::response a = co_await client.get("http://h/a");
    CHECK(a.body() == "new a");
    const http::response b = co_await client.get("http://h/b");
    CHECK(b.body() == "new b");
  });
}

TEST_CASE("stale-while-revalidate answers at once and asks behind the answer") {
  scene s({ok("one", "Cache-Control: max-age=1, stale-while-revalidate=60\r\nETag: \"x\"\r\n"),
           ok("two", "Cache-Control: max-age=100\r\n")});
  run_virtual([&]() -> awaitable<void> {
    http::client client = s.client();
    co_await client.get("http://h/");
    s.now += 10s;
    http::response got = co_await client.get("http://h/");
    CHECK(got.body() == "one");
    co_await sleep_for(1s);
    CHECK(s.asked() == 2);
    got = co_await client.get("http://h/");
    CHECK(got.body() == "two");
    CHECK(got.from_cache());
    CHECK(s.asked() == 2);
  });
}

TEST_CASE("a validation behind an answer ends with its context") {
  scene s({ok("one", "Cache-Control: max-age=1, stale-while-revalidate=60\r\nETag: \"x\"\r\n")});
  run_virtual([&]() -> awaitable<void> {
    http::client client = s.client();
    co_await client.get("http://h/");
    s.now += 10s;
    const http::response got = co_await client.get("http://h/");
    CHECK(got.body() == "one");
  });
  CHECK(s.cache->begin_refresh("decoded http://h/"));
}

TEST_CASE("stale-if-error answers when the server fails or cannot be reached") {
  scene s(
      {ok("one", "Cache-Control: max-age=1, stale-if-error=60\r\n"), "HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n"});
  run_virtual([&]() -> awaitable<void> {
    http::client client = s.client();
    co_await client.get("http://h/");
    s.now += 10s;
    http::response got = co_await client.get("http://h/");
    CHECK(got.body() == "one");
    CHECK(s.asked() == 2);
  });
  scene lost({ok("one", "Cache-Control: max-age=1, stale-if-error=60\r\nConnection: close\r\n")});
  run_virtual([&]() -> awaitable<void> {
    http::client client = lost.client();
    co_await client.get("http://h/");
    lost.peer.always([](wire& w) -> awaitable<void> { co_await w.read_request(); });
    lost.now += 10s;
    const std::string got = co_await outcome_of(client.get("http://h/"));
    CHECK(got == "one");
    lost.now += 100s;
    const std::string late = co_await outcome_of(client.get("http://h/"));
    CHECK(has(late, "connection_lost"));
  });
}

TEST_CASE("a part of a whole response that is kept is given from it") {
  scene s({ok("0123456789", "Cache-Control: max-age=60\r\n"), ok("rest")});
  run_virtual([&]() -> awaitable<void> {
    http::client client = s.client();
    co_await client.get("http://h/");
    http::request part("GET", "http://h/");
    part.header("Range", "bytes=2-4");
    const http::response got = co_await client.send(std::move(part));
    CHECK(got.status() == 206);
    CHECK(got.body() == "234");
    CHECK(got.header("Content-Range") == "bytes 2-4/10");
    http::request several("GET", "http://h/");
    several.header("Range", "bytes=1-2,4-5");
    const http::response other = co_await client.send(std::move(several));
    CHECK(other.body() == "rest");
    CHECK(s.asked() == 2);
  });
}

TEST_CASE("a request with a condition of its own is answered by the server") {
  scene s({ok("one", "Cache-Control: max-age=60\r\n"), not_modified()});
  run_virtual([&]() -> awaitable<void> {
    http::client client = s.client();
    co_await client.get("http://h/");
    http::request what("GET", "http://h/");
    what.header("If-None-Match", "\"mine\"");
    const http::response got = co_await client.send(std::move(what));
    CHECK(got.status() == 304);
  });
}
