#include <braid/core/error.hpp>
#include <braid/runtime/rate_limiter.hpp>
#include <braid/runtime/sleep.hpp>
#include <braid/runtime/task_group.hpp>
#include <braid/testing/run_virtual.hpp>
#include <catch2/catch.hpp>
#include <limits>
#include <string>

using namespace braid;
using namespace std::chrono_literals;

namespace {

const time_point start = time_point{} + 1h;

}  // namespace

TEST_CASE("a token bucket begins full and refills at its rate") {
  token_bucket bucket(10, 3);
  CHECK(bucket.take(start));
  CHECK(bucket.take(start));
  CHECK(bucket.take(start));
  CHECK_FALSE(bucket.take(start));
  CHECK(bucket.wait(start) == 100ms);
  CHECK_FALSE(bucket.take(start + 99ms));
  CHECK(bucket.wait(start + 40ms) == 60ms);
  CHECK(bucket.take(start + 100ms));
  CHECK_FALSE(bucket.take(start + 100ms));
}

TEST_CASE("a token bucket never holds more than its burst") {
  token_bucket bucket(10, 3);
  for (int i = 0; i < 3; ++i) CHECK(bucket.take(start));
  int taken = 0;
  while (bucket.take(start + 1h)) ++taken;
  CHECK(taken == 3);
}

TEST_CASE("a paused bucket gives one token at the end of the pause and then its rate") {
  token_bucket bucket(10, 3);
  bucket.pause_until(start + 5s);
  CHECK(bucket.wait(start) == 5s);
  CHECK(bucket.take(start + 5s));
  CHECK_FALSE(bucket.take(start + 5s));
  CHECK(bucket.wait(start + 5s) == 100ms);
}

TEST_CASE("a rate of less than one a second and a fractional burst work") {
  token_bucket bucket(0.5, 1.5);
  CHECK(bucket.take(start));
  CHECK(bucket.wait(start) == 1s);
  CHECK(bucket.take(start + 1s));
  CHECK(bucket.wait(start + 1s) == 2s);
  token_bucket never(1e-300, 1);
  CHECK(never.take(start));
  CHECK(never.wait(start) > 24h * 300);
}

TEST_CASE("a rate that is no rate is refused") {
  CHECK_THROWS_AS(token_bucket(0, 1), invalid_argument);
  CHECK_THROWS_AS(token_bucket(-1, 1), invalid_argument);
  CHECK_THROWS_AS(token_bucket(1, 0.5), invalid_argument);
  CHECK_THROWS_AS(token_bucket(std::numeric_limits<double>::quiet_NaN(), 1), invalid_argument);
  CHECK_THROWS_AS(token_bucket(std::numeric_limits<double>::infinity(), 1), invalid_argument);
}

TEST_CASE("a rate limiter lets coroutines through in order at its rate") {
  testing::run_virtual([]() -> awaitable<void> {
    rate_limiter limit(2, 1);
    std::string order;
    const auto begin = co_await now();
    co_await with_task_group([&](task_group& group) -> awaitable<void> {
      for (char name : {'a', 'b', 'c', 'd', 'e'}) {
        group.spawn([&, name]() -> awaitable<void> {
          co_await limit.acquire();
          order += name;
        });
      }
      co_return;
    });
    const auto end = co_await now();
    CHECK(order == "abcde");
    CHECK(end - begin == 2s);
  });
}

TEST_CASE("a cancelled acquire has taken no token and those behind it move up") {
  testing::run_virtual([]() -> awaitable<void> {
    rate_limiter limit(1, 1);
    co_await limit.acquire();
    const auto begin = co_await now();
    duration served_after{};
    co_await with_task_group([&](task_group& group) -> awaitable<void> {
      group.spawn([&]() -> awaitable<void> {
        co_await with_task_group([&](task_group& inner) -> awaitable<void> {
          inner.spawn([&]() -> awaitable<void> { co_await limit.acquire(); });
          co_await sleep_for(500ms);
          inner.cancel();
        });
      });
      co_await sleep_for(100ms);
      co_await limit.acquire();
      const auto then = co_await now();
      served_after = then - begin;
    });
    CHECK(served_after == 1s);
  });
}

TEST_CASE("a pause holds back those who already wait") {
  testing::run_virtual([]() -> awaitable<void> {
    rate_limiter limit(1, 1);
    co_await limit.acquire();
    const auto begin = co_await now();
    co_await with_task_group([&](task_group& group) -> awaitable<void> {
      group.spawn([&]() -> awaitable<void> { co_await limit.acquire(); });
      co_await sleep_for(500ms);
      limit.pause_until(begin + 10s);
    });
    const auto end = co_await now();
    CHECK(end - begin == 10s);
  });
}
