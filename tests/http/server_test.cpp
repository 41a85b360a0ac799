#include <braid/http/server.hpp>

#include <arpa/inet.h>
#include <catch2/catch.hpp>
#include <set>
#include <thread>

#include <braid/core/error.hpp>
#include <braid/net/socket.hpp>
#include <braid/runtime/runtime.hpp>
#include <braid/runtime/sleep.hpp>
#include <braid/runtime/task_group.hpp>
#include <braid/runtime/timeout.hpp>

using namespace braid;
using namespace std::chrono_literals;

namespace {

awaitable<std::string> fetch(std::uint16_t port, std::string request) {
  const auto at = *net::endpoint::parse("127.0.0.1", port);
  auto stream = co_await net::connect_socket(at);
  co_await stream->write(asio::buffer(request));
  std::string out;
  for (;;) {
    char piece[4096];
    const net::io_result got = co_await stream->read_some(asio::buffer(piece));
    if (!got.ok()) break;
    out.append(piece, got.size);
  }
  co_return out;
}

const std::string last_get = "GET /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

awaitable<http::reply> hello(http::server_request& request) {
  co_return http::reply::text("hello " + std::string(request.path()));
}

}  // namespace

TEST_CASE("a server on port 0 knows its port and answers on it") {
  runtime one;
  http::server site(hello);
  site.listen("127.0.0.1", 0);
  REQUIRE(site.local_port() != 0);
  one.run([&]() -> awaitable<void> {
    co_await with_task_group([&](task_group& group) -> awaitable<void> {
      group.spawn(site.serve());
      co_await sleep_for(1ms);
      const std::string text = co_await fetch(site.local_port(), last_get);
      CHECK(text.starts_with("HTTP/1.1 200 OK\r\n"));
      CHECK(text.ends_with("hello /x"));
      group.cancel();
    });
  });
}

TEST_CASE("a port that is taken is refused when it is named") {
  http::server first(hello), second(hello);
  first.listen("127.0.0.1", 0);
  runtime one;
  one.run([&]() -> awaitable<void> {
    co_await with_task_group([&](task_group& group) -> awaitable<void> {
      group.spawn(first.serve());
      co_await sleep_for(1ms);
      CHECK_THROWS_AS(second.listen("127.0.0.1", first.local_port()), connect_error);
      group.cancel();
    });
  });
  CHECK_THROWS_AS(second.listen("localhost", 0), invalid_argument);
  CHECK_THROWS_AS(http::server(nullptr), invalid_argument);
}

TEST_CASE("every context accepts, and a connection stays on its own") {
  runtime_options shape;
  shape.contexts = 2;
  runtime two(shape);
  std::atomic<bool> up = false;
  http::server_options options;
  options.on_listening = [&] { up = true; };
  http::server site(
      [](http::server_request& request) -> awaitable<http::reply> {
        const context* here = context::of(request.get_executor());
        co_return http::reply::text(std::to_string(here ? here->index() : 9));
      },
      options);
  site.listen("127.0.0.1", 0);
  two.run([&]() -> awaitable<void> {
    co_await with_task_group([&](task_group& group) -> awaitable<void> {
      group.spawn(site.serve());
      while (!up) co_await sleep_for(1ms);
      std::set<char> seen;
      for (int i = 0; i < 200 && seen.size() < 2; ++i) {
        const std::string text = co_await fetch(site.local_port(), last_get);
        seen.insert(text.back());
      }
      CHECK(seen == std::set<char>{'0', '1'});
      group.cancel();
    });
  });
}

TEST_CASE("more connections than the limit wait until one is free") {
  http::server_options options;
  options.limits.connections = 2;
  std::size_t now_open = 0, most = 0;
  http::server site(
      [&](http::server_request&) -> awaitable<http::reply> {
        most = std::max(most, ++now_open);
        co_await sleep_for(2ms);
        --now_open;
        co_return http::reply::text("x");
      },
      options);
  site.listen("127.0.0.1", 0);
  runtime one;
  int answered = 0;
  one.run([&]() -> awaitable<void> {
    co_await with_task_group([&](task_group& group) -> awaitable<void> {
      group.spawn(site.serve());
      co_await sleep_for(1ms);
      co_await with_task_group([&](task_group& clients) -> awaitable<void> {
        for (int i = 0; i < 10; ++i) {
          clients.spawn([&]() -> awaitable<void> {
            const std::string text = co_await fetch(site.local_port(), last_get);
            answered += text.ends_with("x");
          });
        }
        co_return;
      });
      group.cancel();
    });
  });
  CHECK(answered == 10);
  CHECK(most == 2);
}

TEST_CASE("a reset reaches a TCP peer as a reset") {
  http::server site([](http::server_request&) -> awaitable<http::reply> { co_return http::reply::reset(); });
  site.listen("127.0.0.1", 0);
  runtime one;
  one.run([&]() -> awaitable<void> {
    co_await with_task_group([&](task_group& group) -> awaitable<void> {
      group.spawn(site.serve());
      co_await sleep_for(1ms);
      const auto at = *net::endpoint::parse("127.0.0.1", site.local_port());
      auto stream = co_await net::connect_socket(at);
      co_await stream->write(asio::buffer(last_get));
      char piece[100];
      const net::io_result got = co_await stream->read_some(asio::buffer(piece));
      CHECK(got.error == asio::error::connection_reset);
      group.cancel();
    });
  });
}

TEST_CASE("serve ends when cancelled, on all contexts, and its connections with it") {
  runtime_options shape;
  shape.contexts = 2;
  runtime two(shape);
  std::atomic<bool> up = false;
  http::server_options options;
  options.on_listening = [&] { up = true; };
  http::server site(hello, options);
  site.listen("127.0.0.1", 0);
  for (int round = 0; round < 3; ++round) {
    up = false;
    two.run([&]() -> awaitable<void> {
      std::vector<std::unique_ptr<net::transport>> idle;
      co_await with_task_group([&](task_group& group) -> awaitable<void> {
        group.spawn(site.serve());
        while (!up) co_await sleep_for(1ms);
        for (int i = 0; i < 20; ++i) {
          const auto at = *net::endpoint::parse("127.0.0.1", site.local_port());
          auto stream = co_await net::connect_socket(at);
          idle.push_back(std::move(stream));
        }
        const std::string text = co_await fetch(site.local_port(), last_get);
        CHECK(text.ends_with("hello /x"));
        group.cancel();
      });
      for (auto& stream : idle) {
        char piece[1];
        const net::io_result got = co_await stream->read_some(asio::buffer(piece));
        CHECK_FALSE(got.ok());
      }
    });
  }
}
