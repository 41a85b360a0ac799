#include <braid/runtime/semaphore.hpp>
#include <braid/runtime/sleep.hpp>
#include <braid/runtime/task_group.hpp>
#include <braid/testing/run_virtual.hpp>
#include <catch2/catch.hpp>
#include <string>

using namespace braid;
using namespace std::chrono_literals;

TEST_CASE("a semaphore lets only as many through as it has permits") {
  testing::run_virtual([]() -> awaitable<void> {
    semaphore slots(3);
    int inside = 0;
    int most = 0;
    const auto start = co_await now();
    co_await with_task_group([&](task_group& group) -> awaitable<void> {
      for (int i = 0; i < 9; ++i) {
        group.spawn([&]() -> awaitable<void> {
          auto held = co_await slots.acquire();
          most = std::max(most, ++inside);
          co_await sleep_for(1s);
          --inside;
        });
      }
      co_return;
    });
    const auto end = co_await now();
    CHECK(most == 3);
    CHECK(end - start == 3s);
    CHECK(slots.available() == 3);
  });
}

TEST_CASE("permits are handed out in the order they were asked for") {
  testing::run_virtual([]() -> awaitable<void> {
    semaphore slot(1);
    std::string order;
    co_await with_task_group([&](task_group& group) -> awaitable<void> {
      for (char name : {'a', 'b', 'c', 'd'}) {
        group.spawn([&, name]() -> awaitable<void> {
          for (int i = 0; i < 2; ++i) {
            auto held = co_await slot.acquire();
            order += name;
            co_await sleep_for(1s);
          }
        });
      }
      co_return;
    });
    CHECK(order == "abcdabcd");
  });
}

TEST_CASE("a cancelled acquire takes nothing, and the next in line is served") {
  testing::run_virtual([]() -> awaitable<void> {
    semaphore slot(1);
    bool served = false;
    auto held = co_await slot.acquire();
    co_await with_task_group([&](task_group& group) -> awaitable<void> {
      group.spawn([&]() -> awaitable<void> {
        co_await with_task_group([&](task_group& inner) -> awaitable<void> {
          inner.spawn([&]() -> awaitable<void> { auto mine = co_await slot.acquire(); });
          co_await sleep_for(1s);
          inner.cancel();
          held.release();  // the cancelled one is still in the line
        });
      });
      group.spawn([&]() -> awaitable<void> {
        co_await sleep_for(500ms);
        auto mine = co_await slot.acquire();
        served = true;
      });
      co_return;
    });
    CHECK(served);
    CHECK(slot.available() == 1);
  });
}

TEST_CASE("try_acquire takes a permit only if one is free") {
  semaphore slot(1);
  auto first = slot.try_acquire();
  CHECK(first.has_value());
  CHECK_FALSE(slot.try_acquire().has_value());
  permit moved = std::move(*first);
  CHECK(moved);
  CHECK(slot.available() == 0);
  moved = permit();
  CHECK(slot.available() == 1);
}
