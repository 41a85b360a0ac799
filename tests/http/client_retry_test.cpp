#include <braid/runtime/sleep.hpp>
#include <braid/runtime/timeout.hpp>

#include "client_fixture.hpp"

using namespace client_tests;

namespace {

http::client_options with_retries(unsigned retries = 2) {
  http::client_options options;
  http::retry_options how;
  how.retries = retries;
  how.base = 100ms;
  options.retries = how;
  return options;
}

const std::string busy = "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n";

/// Each answer to one request of the same connection.
scripted_peer::script in_turn(std::vector<std::string> replies) {
  return [replies = std::move(replies)](wire& w) -> awaitable<void> {
    for (const std::string& one : replies) {
      co_await w.read_request();
      co_await w.send(one);
    }
    co_await w.hang();
  };
}

}  // namespace

TEST_CASE("a server that is busy is asked again when it said") {
  scripted_peer peer;
  peer.next(in_turn({busy, busy, ok("now")}));
  run_virtual([&]() -> awaitable<void> {
    http::client client = client_of(peer, with_retries());
    const time_point begun = co_await now();
    http::response got = co_await client.get("http://h/");
    const time_point ended = co_await now();
    CHECK(got.body() == "now");
    CHECK(got.timings().attempts == 3);
    CHECK(ended - begun >= 14s);
    CHECK(ended - begun < 14s + 300ms);
    CHECK(peer.requests().size() == 3);
    CHECK(peer.connections() == 1);
  });
}

TEST_CASE("the last answer is the answer, the last failure the failure") {
  scripted_peer peer;
  peer.next(in_turn({busy, busy, busy}));
  run_virtual([&]() -> awaitable<void> {
    http::client client = client_of(peer, with_retries());
    http::response got = co_await client.get("http://h/");
    CHECK(got.status() == 503);
    CHECK(got.timings().attempts == 3);
    bool refused = false;
    try {
      co_await client.get("http://nobody/");
    } catch (const connect_error&) {
      refused = true;
    }
    CHECK(refused);
    CHECK(peer.connections() == 1 + 3);
  });
}

TEST_CASE("without the option nothing is retried") {
  scripted_peer peer;
  peer.next(in_turn({busy, ok("late")}));
  run_virtual([&]() -> awaitable<void> {
    http::client client = client_of(peer);
    http::response got = co_await client.get("http://h/");
    CHECK(got.status() == 503);
    CHECK(got.timings().attempts == 1);
  });
}

TEST_CASE("a POST is not sent twice, unless it has a key or was never sent") {
  scripted_peer peer;
  peer.next(in_turn({busy, ok("other")}));
  run_virtual([&]() -> awaitable<void> {
    http::client client = client_of(peer, with_retries());
    http::response got = co_await client.post("http://h/", "x");
    CHECK(got.status() == 503);
    http::response other = co_await client.get("http://h/");
    CHECK(other.body() == "other");
  });
  scripted_peer with_key;
  with_key.next(in_turn({busy, ok("done")}));
  run_virtual([&]() -> awaitable<void> {
    http::client client = client_of(with_key, with_retries());
    auto what = http::request("POST", "http://h/").header("Idempotency-Key", "1").body("x");
    http::response got = co_await client.send(std::move(what));
    CHECK(got.body() == "done");
  });
  scripted_peer absent;
  run_virtual([&]() -> awaitable<void> {
    http::client client = client_of(absent, with_retries());
    const time_point begun = co_await now();
    bool refused = false;
    try {
      co_await client.post("http://h/", "x");
    } catch (const connect_error&) {
      refused = true;
    }
    CHECK(refused);
    const time_point ended = co_await now();
    CHECK(ended > begun);  // it waited, so it tried again
  });
}

TEST_CASE("the total time bounds all attempts and the waits between them") {
  scripted_peer peer;
  peer.always(in_turn({busy, busy, busy}));
  run_virtual([&]() -> awaitable<void> {
    http::client_options options = with_retries(5);
    options.timeouts.total = 10s;
    http::client client = client_of(peer, options);
    const time_point begun = co_await now();
    http::response got = co_await client.get("http://h/");
    const time_point ended = co_await now();
    CHECK(got.status() == 503);
    CHECK(got.timings().attempts == 2);
    CHECK(ended - begun < 10s);
  });
}

TEST_CASE("a stream is retried up to its head") {
  scripted_peer peer;
  peer.next(in_turn({busy})).next(in_turn({ok("streamed")}));
  run_virtual([&]() -> awaitable<void> {
    http::client client = client_of(peer, with_retries());
    http::request what("GET", "http://h/");
    http::response_stream got = co_await client.stream(std::move(what));
    CHECK(got.status() == 200);
    const std::string body = co_await got.read_all(100);
    CHECK(body == "streamed");
  });
}

TEST_CASE("when all fails, retries end with the budget") {
  scripted_peer peer;
  peer.always([](wire& w) -> awaitable<void> {
    co_await w.answer_all("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n");
  });
  run_virtual([&]() -> awaitable<void> {
    http::client client = client_of(peer, with_retries(3));
    for (int i = 0; i < 500; ++i) co_await client.get("http://h/");
    CHECK(peer.requests().size() >= 600);
    CHECK(peer.requests().size() <= 610);
  });
}

TEST_CASE("cancellation ends the wait between attempts") {
  scripted_peer peer;
  peer.always(in_turn({busy, busy, busy}));
  run_virtual([&]() -> awaitable<void> {
    http::client client = client_of(peer, with_retries());
    const time_point begun = co_await now();
    bool late = false;
    try {
      co_await with_timeout(1s, client.get("http://h/"));
    } catch (const timeout_error&) {
      late = true;
    }
    CHECK(late);
    const time_point ended = co_await now();
    CHECK(ended - begun == 1s);
  });
}
