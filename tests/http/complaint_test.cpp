// What users of other clients complain of, and what happens here instead: with default options, in virtual time.
#include <braid/runtime/timeout.hpp>

#include "h2_client_fixture.hpp"

using namespace h2_tests;

namespace {

time_point now_on(const asio::any_io_executor& executor) { return timer_queue::of(executor).now(); }

/// How long a GET takes, and what comes of it.
struct timed {
  duration took{};
  std::string outcome;
};

awaitable<timed> ask(http::client client, std::string url) {
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  timed out;
  const time_point begin = now_on(executor);
  out.outcome = co_await outcome_of(client.get(url));
  out.took = now_on(executor) - begin;
  co_return out;
}

/// Answers once and says nothing any more, nor closes.
awaitable<void> answers_and_dies(wire& w) {
  co_await w.read_request();
  co_await w.send(ok("alive"));
  co_await w.hang();
}

}  // namespace

// golang/go 30702, 36026, 63422; hyper 2136.

TEST_CASE("a dead connection in the pool holds up one request for its timeout and no other", "[complaint]") {
  scripted_peer peer;
  peer.next(answers_and_dies);
  peer.always(answers(ok("alive")));
  run_virtual([&]() -> awaitable<void> {
    const http::client client = client_of(peer);
    const timed first = co_await ask(client, "http://h/");
    CHECK(first.outcome == "alive");
    co_await sleep_for(10s);
    const timed second = co_await ask(client, "http://h/");
    CHECK(second.took == 30s);
    CHECK(second.outcome == "timeout: GET http://h/: timed out after 30 s waiting for the first byte");
    const timed third = co_await ask(client, "http://h/");
    CHECK(third.took == 0s);
    CHECK(third.outcome == "alive");
    const std::string pool = co_await pool_of(client);
    CHECK(pool == one_idle);
  });
}

TEST_CASE("a connection that its server closed in the pool holds up nobody", "[complaint]") {
  scripted_peer peer;
  peer.always(answers_and_closes(ok("alive")));
  run_virtual([&]() -> awaitable<void> {
    const http::client client = client_of(peer);
    for (int i = 0; i < 3; ++i) {
      const timed got = co_await ask(client, "http://h/");
      CHECK(got.took == 0s);
      CHECK(got.outcome == "alive");
      co_await sleep_for(10s);
    }
    CHECK(peer.connections() == 3);
  });
}

TEST_CASE("a dead HTTP/2 connection in the pool is found out by a PING and its request made again", "[complaint]") {
  run_virtual([]() -> awaitable<void> {
    memory_server server(say_path);
    const http::client client = server.client();
    const timed first = co_await ask(client, "http://h/first");
    CHECK(first.outcome == "/first");
    co_await sleep_for(10s);
    server.go_silent(0);
    const timed second = co_await ask(client, "http://h/second");
    CHECK(second.took == 5s);
    CHECK(second.outcome == "/second");
    const timed third = co_await ask(client, "http://h/third");
    CHECK(third.took == 0s);
    CHECK(server.connections() == 2);
  });
}

// httpcore 550, httpx 1239.

TEST_CASE("requests that are cancelled at any moment leave a pool that works", "[complaint]") {
  const auto slowly = [](wire& w) -> awaitable<void> {
    for (;;) {
      const std::string asked = co_await w.read_request();
      if (asked.empty()) co_return;
      co_await sleep_for(2ms);
      for (const char* const piece : {"HTTP/1.1 200 OK\r\n", "Content-Length: 6\r\n", "\r\n", "abc", "def"}) {
        co_await w.send(piece);
        co_await sleep_for(2ms);
      }
    }
  };
  scripted_peer peer;
  peer.always(slowly);
  run_virtual([&]() -> awaitable<void> {
    http::client_options options;
    options.max_connections_per_host = 2;
    const http::client client = client_of(peer, options);
    for (int after = 0; after < 16; ++after) {
      co_await with_task_group([&](task_group& group) -> awaitable<void> {
        for (int i = 0; i < 6; ++i) {  // two on their way, four in the queue
          group.spawn([&]() -> awaitable<void> { co_await ask(client, "http://h/"); });
        }
        co_await sleep_for(after * 1ms);
        group.cancel();
      });
      const timed next = co_await ask(client, "http://h/");
      CHECK(next.outcome == "abcdef");
      CHECK(next.took <= 30ms);
      const std::string pool = co_await pool_of(client);
      CHECK(pool.find(" 0 active") != pool.npos);
      CHECK(pool.find("waiting: 0") != pool.npos);
    }
  });
}

// requests 1928.

TEST_CASE("a body that trickles for ever ends at the total timeout", "[complaint]") {
  scripted_peer peer;
  peer.next([](wire& w) -> awaitable<void> {
    co_await w.read_request();
    co_await w.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n");
    for (;;) {
      co_await w.send("x");
      co_await sleep_for(20s);
    }
  });
  run_virtual([&]() -> awaitable<void> {
    const http::client client = client_of(peer);
    const timed got = co_await ask(client, "http://h/");
    CHECK(got.took == 120s);
    CHECK(got.outcome.starts_with("timeout: GET http://h/: timed out after 120 s in total, after "));
    const std::string pool = co_await pool_of(client);
    CHECK(pool == clean);
  });
}
