#include <algorithm>
#include <braid/runtime/runtime.hpp>
#include <braid/runtime/sleep.hpp>
#include <braid/runtime/task_group.hpp>
#include <braid/runtime/timeout.hpp>
#include <braid/scrape/redis.hpp>
#include <catch2/catch.hpp>
#include <iostream>

#include "../net/certificates.hpp"
#include "redis_protocol.hpp"
#include "redis_server.hpp"

using namespace braid;
using namespace braid::scrape;
using namespace std::chrono_literals;
using Catch::Contains;
using strings = std::vector<std::string>;

namespace {

bool skipped() {
  if (redis_server::installed()) return false;
  std::cout << "[skipped] no Redis server; install the package redis-server\n";
  return true;
}

awaitable<std::string> failure_of(redis_connection& redis, strings words) {
  try {
    co_await redis.command(std::move(words));
  } catch (const error& e) {
    co_return e.what();
  }
  co_return "none";
}

template <class F>
void run(F body) {
  runtime one;
  one.run(std::move(body));
}

}  // namespace

TEST_CASE("the address of a Redis server is read, and named without its password") {
  const auto all = redis_address::parse("rediss://me:s%40cret@db.example:7000/3");
  CHECK(all.tls);
  CHECK(all.host == "db.example");
  CHECK(all.port == 7000);
  CHECK(all.user == "me");
  CHECK(all.password == "s@cret");
  CHECK(all.database == 3);
  CHECK(all.name() == "rediss://db.example:7000/3");
  const auto plain = redis_address::parse("redis://:only@[::1]");
  CHECK(plain.port == 6379);
  CHECK(plain.host == "::1");
  CHECK(plain.user.empty());
  CHECK(plain.password == "only");
  CHECK(plain.name() == "redis://[::1]:6379");
  CHECK(redis_address::parse("redis://h:80").port == 80);
  CHECK(redis_address::parse("redis://h:443/").port == 443);
  for (const auto* wrong : {"http://secret@h", "redis://", "redis://u:secret@h/x", "redis://u:secret@h?x", "secret"}) {
    try {
      redis_address::parse(wrong);
      FAIL(wrong);
    } catch (const invalid_argument& e) {
      CHECK_THAT(e.what(), !Contains("secret"));
    }
  }
}

TEST_CASE("pauses before connecting again double up to a bound, with full jitter") {
  const redis_options options;
  CHECK(redis_pause(options, 0, 1) == 0ms);
  CHECK(redis_pause(options, 1, 1) == 50ms);
  CHECK(redis_pause(options, 2, 1) == 100ms);
  CHECK(redis_pause(options, 2, 0.5) == 50ms);
  CHECK(redis_pause(options, 5000, 1) == 5s);
  CHECK(redis_pause(options, 5, 0) == 0ms);
}

TEST_CASE("RESP is decoded whatever pieces it comes in, within bounds") {
  CHECK(redis::encode(strings{"SET", "a\r\n", ""}) == "*3\r\n$3\r\nSET\r\n$3\r\na\r\n\r\n$0\r\n\r\n");
  redis::decoder bytes(1000);
  const std::string text = "*4\r\n:-7\r\n$2\r\nhi\r\n$-1\r\n*1\r\n+OK\r\n";
  for (const char c : text.substr(0, text.size() - 1)) {
    bytes.feed(std::string_view(&c, 1));
    CHECK_FALSE(bytes.take());
  }
  bytes.feed("\n");
  const auto whole = bytes.take();
  REQUIRE(whole);
  REQUIRE(whole->reply.items.size() == 4);
  CHECK(whole->reply.items[0].integer == -7);
  CHECK(whole->reply.items[1].text == "hi");
  CHECK(whole->reply.items[2].type == redis_reply::kind::nil);
  CHECK(whole->reply.items[3].items.at(0).text == "OK");
  bytes.feed("-ERR no\r\n");
  CHECK(bytes.take()->error == "ERR no");
  CHECK_THROWS_AS(bytes.feed(std::string(1001, 'x')), limit_error);

  for (const auto* wrong : {"HTTP/1.1 200 OK\r\n", "*1000000000\r\n", "$99999999999999999999\r\n", "+a\r\n+b\r\n"}) {
    redis::decoder other(1000);
    other.feed(wrong);
    CHECK_THROWS_AS(other.take(), protocol_error);
  }
}

TEST_CASE("commands are answered, in order, by a server that asks for a password") {
  if (skipped()) return;
  const redis_server server({"--requirepass", "sesame"});
  const auto port = std::to_string(server.port());
  run([&]() -> awaitable<void> {
    redis_connection redis(redis_address::parse("redis://:sesame@127.0.0.1:" + port + "/2"));
    strings words{"SET", "key", std::string("a\0b", 3)};
    auto reply = co_await redis.command(words);
    CHECK(reply.text == "OK");
    words = {"GET", "key"};
    reply = co_await redis.command(words);
    CHECK(reply.text == std::string("a\0b", 3));
    words = {"HGET", "key", "x"};
    auto why = co_await failure_of(redis, words);
    CHECK_THAT(why, Contains("redis://127.0.0.1:" + port + "/2: HGET: WRONGTYPE"));
    // An error is an answer: the connection goes on.
    std::vector<std::int64_t> order;
    co_await with_task_group([&](task_group& group) -> awaitable<void> {
      for (int i = 0; i < 50; ++i) {
        group.spawn([&]() -> awaitable<void> {
          strings count{"INCR", "n"};
          const auto next = co_await redis.command(std::move(count));
          order.push_back(next.integer);
        });
      }
      co_return;
    });
    REQUIRE(order.size() == 50);
    CHECK(std::is_sorted(order.begin(), order.end()));
    CHECK(redis.connects() == 1);

    redis_connection stranger(redis_address::parse("redis://:wrong-word@127.0.0.1:" + port));
    words = {"PING"};
    why = co_await failure_of(stranger, words);
    CHECK_THAT(why, Contains("AUTH: WRONGPASS") && !Contains("wrong-word"));
    redis_connection nobody(redis_address::parse("redis://127.0.0.1:" + port));
    why = co_await failure_of(nobody, words);
    CHECK_THAT(why, Contains("NOAUTH"));
  });
}

TEST_CASE("a command that is cancelled or late closes the connection, and its answer is nobody else's") {
  if (skipped()) return;
  const redis_server server;
  run([&]() -> awaitable<void> {
    redis_options options;
    options.command_timeout = 1s;
    redis_connection redis(redis_address::parse(server.address()), options);
    strings slow{"BLPOP", "nothing", "60"};
    const auto why = co_await failure_of(redis, slow);
    CHECK_THAT(why, Contains("no answer in time"));
    auto pending = redis.command(slow);
    bool cancelled = false;
    try {
      co_await with_timeout(50ms, std::move(pending));
    } catch (const timeout_error&) {
      cancelled = true;
    }
    CHECK(cancelled);
    strings words{"ECHO", "mine"};
    const auto reply = co_await redis.command(words);
    CHECK(reply.text == "mine");
    CHECK(redis.connects() == 3);
  });
}

TEST_CASE("a connection is made again when the server is back, and what is too long is refused") {
  if (skipped()) return;
  redis_server server;
  run([&]() -> awaitable<void> {
    redis_options options;
    options.max_reply = 100'000;
    options.longest_pause = 100ms;
    redis_connection redis(redis_address::parse(server.address()), options);
    strings words{"SET", "long", std::string(100'000, 'x')};
    auto reply = co_await redis.command(words);
    words = {"GET", "long"};
    auto why = co_await failure_of(redis, words);
    CHECK_THAT(why, Contains("longer than 100000 bytes"));
    server.stop();
    words = {"PING"};
    for (int i = 0; i < 3; ++i) {
      why = co_await failure_of(redis, words);
      CHECK_THAT(why, Contains("refused"));
    }
    server.start();
    reply = co_await redis.command(words);
    CHECK(reply.text == "PONG");
    // Nothing was asked while it went and came: that costs no command.
    server.restart();
    reply = co_await redis.command(words);
    CHECK(reply.text == "PONG");
  });
}

TEST_CASE("rediss:// is Redis over TLS, with a certificate that is checked") {
  if (skipped()) return;
  const auto& made = net_test::certificates::shared();
  const auto port = std::to_string(child_program::free_port());
  const redis_server server({"--tls-port", port, "--tls-cert-file", made.chain("good"), "--tls-key-file",
                             made.key("good"), "--tls-ca-cert-file", made.ca(), "--tls-auth-clients", "no",
                             "--requirepass", "sesame"});
  run([&]() -> awaitable<void> {
    redis_options options;
    options.tls.ca_file(made.ca());
    const auto address = redis_address::parse("rediss://:sesame@localhost:" + port + "/2");
    redis_connection redis(address, options);
    strings words{"CLIENT", "INFO"};
    const auto reply = co_await redis.command(words);
    CHECK_THAT(reply.text, Contains(" db=2 ") && Contains("laddr=127.0.0.1:" + port));
    CHECK(redis.name() == "rediss://localhost:" + port + "/2");
    words = {"SET", "long", std::string(1'000'000, 'x')};
    co_await redis.command(words);
    words = {"GET", "long"};
    const auto back = co_await redis.command(words);
    CHECK(back.text == std::string(1'000'000, 'x'));
    // An authority that is not ours signed it; and TLS is not spoken to a port without it.
    redis_connection strict(address);
    words = {"PING"};
    auto why = co_await failure_of(strict, words);
    CHECK_THAT(why, Contains("certificate") && !Contains("sesame"));
    redis_connection plain(redis_address::parse("rediss://127.0.0.1:" + std::to_string(server.port())), options);
    why = co_await failure_of(plain, words);
    CHECK(why != "none");
  });
}
