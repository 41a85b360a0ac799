// How HTTP/2 connections end, rest and are found dead, with a server in memory and virtual time.
#include "h2/liveness.hpp"
#include "h2_client_fixture.hpp"

using namespace h2_tests;

namespace {

constexpr auto home = "http://h/";

}  // namespace

TEST_CASE("h2: what a server that goes away has not looked at is asked again elsewhere") {
  run_virtual([]() -> awaitable<void> {
    memory_server server([](h2_peer& peer, std::int32_t id, const h2_peer::request& what) {
      if (id == 3) peer.goaway(1);  // and 3 is behind it
      if (id != 3) say_path(peer, id, what);
    });
    auto client = server.client();
    co_await client.get(home);
    const http::response got = co_await client.post("http://h/second", "once");
    CHECK(got.body() == "/secondonce");
    CHECK(server.connections() == 2);
    const std::string pool = co_await pool_of(client);
    CHECK(pool == one_idle);
  });
}

TEST_CASE("h2: a request under way at GOAWAY is answered and the next one takes another connection") {
  run_virtual([]() -> awaitable<void> {
    memory_server server([](h2_peer& peer, std::int32_t id, const h2_peer::request& what) {
      if (what.field(":path") == "/last") peer.goaway(id);
      say_path(peer, id, what);
    });
    auto client = server.client();
    const http::response last = co_await client.get("http://h/last");
    CHECK(last.body() == "/last");
    const http::response next = co_await client.get("http://h/next");
    CHECK(next.body() == "/next");
    CHECK(server.connections() == 2);
  });
}

TEST_CASE("h2: a request that is refused again and again fails after a bounded number of tries") {
  run_virtual([]() -> awaitable<void> {
    memory_server server(
        [](h2_peer& peer, std::int32_t id, const h2_peer::request&) { peer.reset(id, NGHTTP2_REFUSED_STREAM); });
    auto client = server.client();
    const std::string outcome = co_await outcome_of(client.post(home, "x"));
    CHECK(outcome ==
          "connection_lost: POST http://h/: connection lost before the response (the server reset the stream, "
          "REFUSED_STREAM)");
    CHECK(server.at(0).requests().size() == 6);
  });
}

TEST_CASE("h2: a reset in the middle says how far the response got") {
  run_virtual([]() -> awaitable<void> {
    memory_server server([](h2_peer& peer, std::int32_t id, const h2_peer::request&) {
      peer.keep_open(id);
      peer.respond(id, {{":status", "200"}, {"content-length", "4096"}}, std::string(1024, 'x'));
    });
    auto client = server.client();
    co_await with_task_group([&](task_group& group) -> awaitable<void> {
      group.spawn([&]() -> awaitable<void> {
        const std::string outcome = co_await outcome_of(client.get(home));
        CHECK(outcome ==
              "connection_lost: GET http://h/: connection lost after 1,024 of 4,096 body bytes (the server reset the "
              "stream, INTERNAL_ERROR)");
      });
      co_await sleep_for(1s);
      server.at(0).reset(1, NGHTTP2_INTERNAL_ERROR);
      co_await server.flush();
    });
    const std::string pool = co_await pool_of(client);
    CHECK(pool == one_idle);
  });
}

TEST_CASE("h2: the pool notices when a server closes a connection that rests") {
  run_virtual([]() -> awaitable<void> {
    memory_server server(say_path);
    auto client = server.client();
    co_await client.get(home);
    co_await sleep_for(10s);
    server.reset(0);
    const http::response got = co_await client.post(home, "x");
    CHECK(got.body() == "/x");
    CHECK(server.connections() == 2);
    CHECK_FALSE(got.timings().reused);
  });
}

TEST_CASE("h2: a connection that died at rest costs seconds and a GET is repeated") {
  run_virtual([]() -> awaitable<void> {
    memory_server server(say_path);
    auto client = server.client();
    co_await client.get(home);
    co_await sleep_for(30s);
    server.go_silent(0);
    const auto executor = co_await asio::this_coro::executor;
    timer_queue& timers = timer_queue::of(executor);
    const time_point begin = timers.now();
    const http::response got = co_await client.get(home);
    CHECK(got.status() == 200);
    CHECK(timers.now() - begin == 5s);
    CHECK(server.connections() == 2);
  });
}

TEST_CASE("h2: a POST on a dead connection fails and is not sent again") {
  run_virtual([]() -> awaitable<void> {
    memory_server server(say_path);
    auto client = server.client();
    co_await client.get(home);
    co_await sleep_for(30s);
    server.go_silent(0);
    const std::string outcome = co_await outcome_of(client.post(home, "x"));
    CHECK(outcome == "connection_lost: POST http://h/: connection lost before the response (no answer to a PING)");
    CHECK(server.connections() == 1);
  });
}

TEST_CASE("h2: a server that is slow but answers PING is waited for") {
  run_virtual([]() -> awaitable<void> {
    memory_server server({});
    http::client_options options;
    options.timeouts.first_byte = 100s;
    auto client = server.client(options);
    co_await with_task_group([&](task_group& group) -> awaitable<void> {
      group.spawn([&]() -> awaitable<void> {
        const http::response got = co_await client.get(home);
        CHECK(got.body() == "at last");
      });
      co_await sleep_for(80s);
      server.at(0).respond(1, {{":status", "200"}}, "at last");
      co_await server.flush();
    });
    CHECK(server.connections() == 1);
    CHECK(server.at(0).pings() == 5);
  });
}

TEST_CASE("h2: a connection in use that goes dead fails its requests after two waits") {
  run_virtual([]() -> awaitable<void> {
    memory_server server({});
    auto client = server.client();
    co_await with_task_group([&](task_group& group) -> awaitable<void> {
      group.spawn([&]() -> awaitable<void> {
        const auto executor = co_await asio::this_coro::executor;
        timer_queue& timers = timer_queue::of(executor);
        const time_point begin = timers.now();
        const std::string outcome = co_await outcome_of(client.get(home));
        CHECK(outcome == "connection_lost: GET http://h/: connection lost before the response (no answer to a PING)");
        CHECK(timers.now() - begin == 20s);
      });
      co_await sleep_for(1ms);
      server.go_silent(0);
    });
    const std::string pool = co_await pool_of(client);
    CHECK(pool == clean);
  });
}

TEST_CASE("h2: a connection that rests is closed after its time and keeps nothing running") {
  run_virtual([]() -> awaitable<void> {
    memory_server server(say_path);
    auto client = server.client();
    co_await client.get(home);
    co_await sleep_for(59s);
    std::string pool = co_await pool_of(client);
    CHECK(pool == one_idle);
    co_await sleep_for(2s);
    pool = co_await pool_of(client);
    CHECK(pool == clean);
  });
}

TEST_CASE("h2: a server that speaks HTTP/1.1 is told apart") {
  run_virtual([]() -> awaitable<void> {
    scripted_peer peer;
    peer.always(answers_and_closes("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"));
    http::client_options options;
    options.http_version = http::protocol_choice::http2_prior_knowledge;
    auto client = client_of(peer, options);
    const std::string outcome = co_await outcome_of(client.get(home));
    CHECK(outcome == "protocol: GET http://h/: the server broke the rules of HTTP/2: SETTINGS expected");
  });
}

TEST_CASE("h2: a host that lets nobody in fails all who wait and not one after the other") {
  run_virtual([]() -> awaitable<void> {
    http::client_options options;
    options.http_version = http::protocol_choice::http2_prior_knowledge;
    options.connector = [](std::string, std::uint16_t,
                           net::connect_options) -> awaitable<std::unique_ptr<net::transport>> {
      co_await sleep_for(100s);
      co_return nullptr;
    };
    http::client client(options);
    const auto executor = co_await asio::this_coro::executor;
    timer_queue& timers = timer_queue::of(executor);
    const time_point begin = timers.now();
    co_await with_task_group([&](task_group& group) -> awaitable<void> {
      for (int i = 0; i < 20; ++i) {
        group.spawn([&]() -> awaitable<void> {
          const std::string outcome = co_await outcome_of(client.get(home));
          CHECK(outcome.substr(0, 7) == "timeout");
        });
      }
      co_return;
    });
    CHECK(timers.now() - begin == 20s);
    const std::string pool = co_await pool_of(client);
    CHECK(pool == clean);
  });
}

TEST_CASE("h2: when a silent connection is asked and when it is given up") {
  using verdict = http::h2::liveness::verdict;
  const time_point t{};
  http::h2::liveness one(15s, 5s, t);
  CHECK(one.check(t + 14s) == verdict::alive);
  CHECK(one.next() == t + 15s);
  CHECK(one.check(t + 15s) == verdict::ask);
  one.asked(t + 15s);
  CHECK(one.next() == t + 20s);
  CHECK(one.check(t + 19s) == verdict::alive);
  CHECK(one.check(t + 20s) == verdict::dead);
  one.heard(t + 19s);
  CHECK(one.check(t + 20s) == verdict::alive);
  CHECK(one.next() == t + 34s);
  CHECK_FALSE(one.doubtful(t + 19s + 900ms));
  CHECK(one.doubtful(t + 21s));
  const http::h2::liveness never(std::nullopt, 5s, t);
  CHECK(never.check(t + 1000s) == verdict::alive);
  CHECK(never.next() == time_point::max());
}
