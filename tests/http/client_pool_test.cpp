// A client's connections as a whole: their bound, their end.
#include <algorithm>

#include "h2_client_fixture.hpp"

#include <braid/runtime/timeout.hpp>

using namespace h2_tests;

namespace {

/// Answers each request after a second.
scripted_peer::script slowly(std::string bytes) {
  return [bytes](wire& w) -> awaitable<void> {
    for (;;) {
      const std::string got = co_await w.read_request();
      if (got.empty()) break;
      co_await sleep_for(1s);
      co_await w.send(bytes);
    }
  };
}

}  // namespace

TEST_CASE("all hosts together stay within the bound and a host of many requests leaves room for others") {
  run_virtual([]() -> awaitable<void> {
    scripted_peer peer;
    peer.always(slowly(ok("x")));
    http::client_options options;
    options.max_connections = 2;
    http::client client = client_of(peer, std::move(options));
    std::vector<std::string> done;
    std::size_t most = 0;
    const auto get = [&](std::string host) -> awaitable<void> {
      co_await client.get("http://" + host + "/");
      most = std::max(most, peer.open());
      done.push_back(host);
    };
    co_await with_task_group([&](task_group& group) -> awaitable<void> {
      for (int i = 0; i < 6; ++i) group.spawn(get("busy"));
      group.spawn(get("a"));
      group.spawn(get("b"));
      co_return;
    });
    CHECK(most <= 2);
    REQUIRE(done.size() == 8);
    // The first two were on their way already.
    CHECK(done[0] == "busy");
    CHECK(done[1] == "busy");
    CHECK(std::find(done.begin(), done.end(), "a") - done.begin() <= 3);
    CHECK(std::find(done.begin(), done.end(), "b") - done.begin() <= 4);
    const std::string pool = co_await pool_of(client);
    CHECK(pool.find("waiting: 0]") != pool.npos);
    CHECK(pool.find(" 0 active") != pool.npos);
  });
}

TEST_CASE("a resting connection makes room for another host") {
  run_virtual([]() -> awaitable<void> {
    scripted_peer peer;
    peer.always(answers(ok("x")));
    http::client_options options;
    options.max_connections = 1;
    http::client client = client_of(peer, std::move(options));
    for (const char* host : {"a", "b", "a"}) {
      http::response got = co_await client.get("http://" + std::string(host) + "/");
      CHECK(got.body() == "x");
    }
    CHECK(peer.connections() == 3);
    const std::string pool = co_await pool_of(client);
    CHECK(pool == one_idle);
  });
}

TEST_CASE("a request that gives up waiting for the bound leaves the pool clean") {
  run_virtual([]() -> awaitable<void> {
    scripted_peer peer;
    peer.always(slowly(ok("x")));
    http::client_options options;
    options.max_connections = 1;
    http::client client = client_of(peer, std::move(options));
    co_await with_task_group([&](task_group& group) -> awaitable<void> {
      group.spawn([&]() -> awaitable<void> { co_await client.get("http://a/"); });
      group.spawn([&]() -> awaitable<void> {
        http::request hasty("GET", "http://b/");
        hasty.timeout(100ms);
        const std::string got = co_await outcome_of(client.send(std::move(hasty)));
        CHECK(got == "timeout: GET http://b/: timed out after 100 ms in total, waiting for a free connection");
      });
      co_return;
    });
    const std::string pool = co_await pool_of(client);
    CHECK(pool == one_idle);
  });
}

TEST_CASE("close lets end what is under way or waits and refuses what comes then") {
  run_virtual([]() -> awaitable<void> {
    scripted_peer peer;
    peer.always(slowly(ok("x")));
    http::client_options options;
    options.max_connections_per_host = 1;
    http::client client = client_of(peer, std::move(options));
    co_await client.get("http://rests/");
    std::vector<std::string> ends;
    const auto get = [&]() -> awaitable<void> {
      const std::string got = co_await outcome_of(client.get("http://a/"));
      ends.push_back(got);
    };
    co_await with_task_group([&](task_group& group) -> awaitable<void> {
      group.spawn(get());
      group.spawn(get());
      group.spawn([&]() -> awaitable<void> {
        co_await sleep_for(500ms);
        co_await client.close();
        ends.push_back("closed");
      });
      co_await sleep_for(600ms);
      CHECK(peer.open() == 1);  // the one that rested is closed
      const std::string late = co_await outcome_of(client.get("http://b/"));
      CHECK(late == "invalid_argument: GET http://b/: the client is closed");
    });
    CHECK(ends == std::vector<std::string>{"x", "x", "closed"});
    const std::string pool = co_await pool_of(client);
    CHECK(pool == clean);
    co_await client.close();
  });
}

TEST_CASE("close waits for streams and may be cancelled") {
  run_virtual([]() -> awaitable<void> {
    scripted_peer peer;
    peer.always(answers(ok("x")));
    http::client client = client_of(peer);
    auto stream = std::make_unique<http::response_stream>();
    *stream = co_await client.stream(http::request("GET", "http://a/"));
    bool late = false;
    try {
      co_await with_timeout(1s, client.close(), "close");
    } catch (const timeout_error&) {
      late = true;
    }
    CHECK(late);
    stream.reset();
    co_await client.close();
    const std::string pool = co_await pool_of(client);
    CHECK(pool == clean);
  });
}

TEST_CASE("h2: one host's connection counts against the bound and gives its place up when it rests") {
  run_virtual([]() -> awaitable<void> {
    memory_server server(say_path);
    http::client_options options;
    options.max_connections = 1;
    http::client client = server.client(std::move(options));
    std::size_t good = 0;
    const auto get = [&](std::string host) -> awaitable<void> {
      const http::response got = co_await client.get("http://" + host + "/x");
      if (got.body() == "/x") ++good;
      const std::string pool = co_await pool_of(client);
      INFO(pool);
      CHECK((pool.find(" 1 active, 0 idle") != pool.npos || pool.find(" 0 active, 1 idle") != pool.npos));
    };
    co_await with_task_group([&](task_group& group) -> awaitable<void> {
      for (const char* host : {"a", "b", "a", "c", "b"}) group.spawn(get(host));
      co_return;
    });
    CHECK(good == 5);
    const std::string pool = co_await pool_of(client);
    CHECK(pool == one_idle);
  });
}

TEST_CASE("h2: close lets streams end and then closes their connection") {
  run_virtual([]() -> awaitable<void> {
    memory_server server([](h2_peer&, std::int32_t, const h2_peer::request&) {});
    http::client client = server.client();
    std::vector<std::string> ends;
    co_await with_task_group([&](task_group& group) -> awaitable<void> {
      for (int i = 0; i < 2; ++i) {
        group.spawn([&]() -> awaitable<void> {
          const std::string got = co_await outcome_of(client.get("http://a/"));
          ends.push_back(got);
        });
      }
      co_await sleep_for(1s);
      group.spawn([&]() -> awaitable<void> {
        co_await client.close();
        ends.push_back("closed");
      });
      co_await sleep_for(1s);
      const std::string late = co_await outcome_of(client.get("http://a/"));
      CHECK(late == "invalid_argument: GET http://a/: the client is closed");
      for (const std::int32_t id : {1, 3}) say_path(server.at(0), id, server.at(0).requests().at(id));
      co_await server.flush();
    });
    CHECK(ends == std::vector<std::string>{"/", "/", "closed"});
    const std::string pool = co_await pool_of(client);
    CHECK(pool == clean);
  });
}
