#include "server/body_pace.hpp"
#include "server_fixture.hpp"

using namespace server_tests;

namespace {

/// Bounds that differ, so that a test shows which one struck.
http::server_options bounds() {
  http::server_options out;
  out.timeouts.idle = 60s;
  out.timeouts.header = 10s;
  out.timeouts.body = 20s;
  out.timeouts.handler = 100s;
  out.timeouts.write = 30s;
  out.timeouts.drain = 5s;
  return out;
}

}  // namespace

TEST_CASE("a header that trickles in is cut off with 408 when its whole time is over") {
  visitor v(say_path, bounds());
  converse(v, [&]() -> awaitable<void> {
    const time_point begin = co_await now();
    const std::string request = get("/", "X: " + std::string(1000, 'a') + "\r\n");
    for (std::size_t i = 0; i < request.size() && v.server_end->is_open(); ++i) {
      co_await v.send(request.substr(i, 1));
      if (!v.sent_ok || !v.client->is_quiet()) break;
      co_await sleep_for(1s);
    }
    const std::string text = co_await v.read_all();
    const time_point end = co_await now();
    CHECK(text.starts_with("HTTP/1.1 408 "));
    CHECK(end - begin >= 10s);
    CHECK(end - begin <= 14s);  // linger included
  });
}

TEST_CASE("an idle connection is closed without a word, before and between requests") {
  visitor v(say_path, bounds());
  converse(v, [&]() -> awaitable<void> {
    const time_point begin = co_await now();
    const std::string text = co_await v.read_all();
    const time_point end = co_await now();
    CHECK(text.empty());
    CHECK(v.closed);
    CHECK(end - begin == 60s);
  });
  visitor kept(say_path, bounds());
  converse(kept, [&]() -> awaitable<void> {
    co_await sleep_for(30s);
    co_await kept.send(get("/"));
    co_await kept.read_until(">");
    const time_point begin = co_await now();
    const std::string text = co_await kept.read_all();
    const time_point end = co_await now();
    CHECK(text.empty());
    CHECK(end - begin == 60s);
  });
}

TEST_CASE("a body that stops coming is 408; one that keeps coming may take longer than the bound") {
  const auto handler = [](http::server_request& request) -> awaitable<http::reply> {
    const std::string body = co_await request.body();
    co_return http::reply::text("[" + body + "]");
  };
  const std::string head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 40000\r\n\r\n";
  visitor stopped(handler, bounds());
  converse(stopped, [&]() -> awaitable<void> {
    co_await stopped.send(head + "a");
    const time_point begin = co_await now();
    const std::string text = co_await stopped.read_until("\r\n\r\n");
    const time_point end = co_await now();
    CHECK(text.starts_with("HTTP/1.1 408 "));
    CHECK(end - begin == 20s);
  });
  visitor slow(handler, bounds());
  converse(slow, [&]() -> awaitable<void> {
    co_await slow.send(head);
    for (int i = 0; i < 4; ++i) {
      co_await sleep_for(15s);
      co_await slow.send(std::string(10'000, 'x'));
    }
    const std::string text = co_await slow.read_until("]");
    CHECK(text.ends_with("x]"));
  });
  visitor trickle(handler, bounds());
  converse(trickle, [&]() -> awaitable<void> {
    co_await trickle.send(head);
    const time_point begin = co_await now();
    for (int i = 0; i < 100 && trickle.client->is_quiet(); ++i) {
      co_await trickle.send("a");
      co_await sleep_for(1s);
    }
    const std::string text = co_await trickle.read_until("\r\n\r\n");
    const time_point end = co_await now();
    CHECK(text.starts_with("HTTP/1.1 408 "));
    CHECK(end - begin < 25s);
  });
}

TEST_CASE("a body has the time for its bytes at the lowest rate, and a pause before it") {
  http::body_pace pace(20s, 100);
  CHECK(pace.bound() == 20s);
  pace.waited(15s);
  CHECK(pace.bound() == 5s);
  pace.received(1000);
  CHECK(pace.bound() == 15s);
  pace.received(1'000'000'000'000);
  CHECK(pace.bound() == 20s);
  pace.begin();
  pace.waited(1h);
  CHECK(pace.bound() == 0s);
  http::body_pace any(20s, 0);
  any.waited(1h);
  CHECK(any.bound() == 20s);
}

TEST_CASE("a peer that does not read its reply is cut off") {
  visitor v(
      [](http::server_request&) -> awaitable<http::reply> { co_return http::reply::text(std::string(500'000, 'x')); },
      bounds());
  converse(v, [&]() -> awaitable<void> {
    co_await v.send(get("/"));
    co_await sleep_for(31s);
    const std::string text = co_await v.read_all();
    CHECK(text.size() < 500'000);
  });
}

TEST_CASE("a handler that does not reply is cancelled") {
  bool cancelled = false;
  visitor v(
      [&](http::server_request&) -> awaitable<http::reply> {
        try {
          co_await sleep_for(1h);
        } catch (...) {
          cancelled = true;
          throw;
        }
        co_return http::reply();
      },
      bounds());
  converse(v, [&]() -> awaitable<void> {
    const time_point begin = co_await now();
    co_await v.send(get("/"));
    const std::string text = co_await v.read_all();
    const time_point end = co_await now();
    CHECK(text.empty());
    CHECK(end - begin == 100s);
  });
  CHECK(cancelled);
}

TEST_CASE("cancelling serve closes an idle connection at once") {
  visitor v(say_path, bounds());
  run_virtual([&]() -> awaitable<void> {
    co_await with_task_group([&](task_group& group) -> awaitable<void> {
      co_await with_task_group([&](task_group& serving) -> awaitable<void> {
        serving.spawn(v.serve());
        co_await v.send(get("/"));
        co_await v.read_until(">");
        serving.cancel();
      });
      const time_point begin = co_await now();
      co_await v.read_all();
      const time_point end = co_await now();
      CHECK(v.closed);
      CHECK(end == begin);
      (void)group;
    });
  });
}

TEST_CASE("cancelling serve lets the request in flight finish, and says that the connection closes") {
  visitor v(
      [](http::server_request&) -> awaitable<http::reply> {
        co_await sleep_for(3s);
        co_return http::reply::text("done");
      },
      bounds());
  run_virtual([&]() -> awaitable<void> {
    co_await with_task_group([&](task_group& serving) -> awaitable<void> {
      serving.spawn(v.serve());
      co_await v.send(get("/1") + get("/2"));
      co_await sleep_for(1s);
      serving.cancel();
    });
    const std::string text = co_await v.read_all();
    CHECK(text.ends_with("done"));
    CHECK(text.find("Connection: close\r\n") != std::string::npos);
    CHECK(text.find("HTTP/1.1", 1) == std::string::npos);  // the second was not begun
    CHECK(v.closed);
  });
}

TEST_CASE("what is in flight longer than the drain bound is cut off") {
  bool cancelled = false;
  visitor v(
      [&](http::server_request&) -> awaitable<http::reply> {
        try {
          co_await sleep_for(50s);
        } catch (...) {
          cancelled = true;
          throw;
        }
        co_return http::reply::text("done");
      },
      bounds());
  run_virtual([&]() -> awaitable<void> {
    const time_point begin = co_await now();
    co_await with_task_group([&](task_group& serving) -> awaitable<void> {
      serving.spawn(v.serve());
      co_await v.send(get("/"));
      co_await sleep_for(1s);
      serving.cancel();
    });
    const time_point end = co_await now();
    CHECK(end - begin == 6s);
    const std::string text = co_await v.read_all();
    CHECK(text.empty());
  });
  CHECK(cancelled);
}
