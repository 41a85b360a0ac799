#include <braid/runtime/runtime.hpp>
#include <braid/runtime/sleep.hpp>
#include <braid/scrape/redis_proxies.hpp>
#include <catch2/catch.hpp>
#include <iostream>

#include "redis_server.hpp"

using namespace braid;
using namespace braid::scrape;
using namespace std::chrono_literals;

namespace {

bool skipped() {
  if (redis_server::installed()) return false;
  std::cout << "[skipped] no Redis server; install the package redis-server\n";
  return true;
}

template <class F>
void run(F body) {
  runtime one;
  one.run(std::move(body));
}

redis_proxies_options options(std::chrono::milliseconds pause, std::chrono::milliseconds probe = 60s) {
  redis_proxies_options all;
  all.health.pause = pause;
  all.health.longest_pause = 4 * pause;
  all.probe = probe;
  return all;
}

/// A worker with a connection of its own.
struct worker {
  explicit worker(const redis_server& server, const redis_proxies_options& how = options(1h))
      : redis(redis_address::parse(server.address())), proxies(redis, how) {}

  redis_connection redis;
  redis_proxies proxies;
};

}  // namespace

TEST_CASE("a proxy's name in Redis tells users apart and no password") {
  const auto name = [](const char* line) { return redis_proxies::name_of(parse_proxy(line)); };
  CHECK(name("http://h:1 rate=2") == "http://h:1");
  CHECK(name("http://ann:secret@h:1") == name("http://ann:other@h:1"));
  CHECK(name("http://ann:secret@h:1") != name("http://bob:secret@h:1"));
  CHECK(name("http://ann:secret@h:1").find("ann") == std::string::npos);
}

TEST_CASE("a proxy's rate is that of all workers together") {
  if (skipped()) return;
  const redis_server server;
  run([&]() -> awaitable<void> {
    worker one(server), two(server);
    int taken = 0;
    const auto begin = clock::now();
    duration time{};
    while ((time = clock::now() - begin) < 1s) {
      for (worker* who : {&one, &two}) {
        const auto turn = co_await who->proxies.enter("p", "google", 50);
        if (turn.wait == 0ms) ++taken;
        if (turn.wait > 25ms) FAIL_CHECK("a token comes every 20 ms");
      }
      co_await sleep_for(2ms);
    }
    time = clock::now() - begin;
    CHECK(taken <= 50 * std::chrono::duration<double>(time).count() + 2);
    CHECK(taken > 2);
    // Others have their own, and without a rate there is no limit.
    auto turn = co_await one.proxies.enter("q", "google", 0.001);
    CHECK(turn.wait == 0ms);
    turn = co_await two.proxies.enter("q", "bing", 0.001);
    CHECK(turn.wait > 900s);
    turn = co_await two.proxies.enter("free", "google", 0);
    CHECK(turn.wait == 0ms);
    turn = co_await two.proxies.enter("free", "google", 0);
    CHECK(turn.wait == 0ms);
    CHECK_FALSE(turn.is_suspect);
  });
}

TEST_CASE("a proxy that workers find dead is left alone by all, until one probe has gone through it") {
  if (skipped()) return;
  const redis_server server;
  run([&]() -> awaitable<void> {
    // The pause is that of whoever tells of the failure: one worker's is over at once, the other's never in this test.
    worker quick(server, options(1ms)), slow(server, options(1h));
    co_await quick.proxies.failed("p");
    co_await slow.proxies.failed("p");
    auto turn = co_await slow.proxies.enter("p", "google", 0);
    CHECK(turn.wait == 0ms);
    CHECK(turn.is_suspect);
    CHECK_FALSE(turn.is_probe);
    co_await quick.proxies.failed("p");
    auto reports = co_await slow.proxies.reports();
    REQUIRE(reports.size() == 1);
    CHECK(reports[0].ejections == 1);
    // One probe over all workers; it fails, and the pause is twice as long.
    for (bool first = true; !turn.is_probe; first = !first) {
      auto& who = first ? quick : slow;
      turn = co_await who.proxies.enter("p", "google", 0);
    }
    turn = co_await quick.proxies.enter("p", "google", 0);
    CHECK(turn.wait > 50s);
    co_await slow.proxies.failed("p");
    turn = co_await quick.proxies.enter("p", "google", 0);
    CHECK(turn.wait > 1h);
    CHECK(turn.wait <= 2h);
    // What was on its way then says nothing new.
    co_await quick.proxies.failed("p");
    reports = co_await quick.proxies.reports();
    CHECK(reports[0].ejections == 2);
    CHECK(reports[0].ejected > 1h);
    // An answer, be it to what was on its way.
    co_await quick.proxies.answered("p");
    for (int i = 0; i < 3; ++i) {
      turn = co_await slow.proxies.enter("p", "google", 0);
      CHECK(turn.wait == 0ms);
      CHECK_FALSE(turn.is_suspect);
    }
    reports = co_await quick.proxies.reports();
    CHECK_FALSE(reports[0].is_suspect);
  });
}

TEST_CASE("a probe that nobody tells the end of is made again by another worker") {
  if (skipped()) return;
  const redis_server server;
  run([&]() -> awaitable<void> {
    const auto how = options(1ms, 200ms);
    worker one(server, how), two(server, how);
    for (int i = 0; i < 3; ++i) co_await one.proxies.failed("p");
    redis_proxy_turn turn;
    do {
      turn = co_await one.proxies.enter("p", "google", 0);
    } while (turn.wait > 0ms);
    CHECK(turn.is_probe);
    do {
      turn = co_await two.proxies.enter("p", "google", 0);
      CHECK(turn.wait <= 200ms);
      co_await sleep_for(10ms);
    } while (turn.wait > 0ms);
    CHECK(turn.is_probe);
    // One that carried nothing makes room at once.
    co_await two.proxies.released("p");
    turn = co_await one.proxies.enter("p", "google", 0);
    CHECK(turn.is_probe);
  });
}

TEST_CASE("an engine's ban of a proxy holds for all workers, and for that engine") {
  if (skipped()) return;
  const redis_server server;
  run([&]() -> awaitable<void> {
    worker one(server), two(server);
    co_await one.proxies.ban("p", "google", 10min);
    co_await two.proxies.ban("p", "google", 1min);
    auto turn = co_await two.proxies.enter("p", "google", 0);
    CHECK(turn.wait > 9min);
    turn = co_await two.proxies.enter("p", "bing", 0);
    CHECK(turn.wait == 0ms);
    turn = co_await two.proxies.enter("q", "google", 0);
    CHECK(turn.wait == 0ms);
  });
}
