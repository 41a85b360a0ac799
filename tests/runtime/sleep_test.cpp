#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <braid/core/error.hpp>
#include <braid/runtime/sleep.hpp>
#include <braid/runtime/task_group.hpp>
#include <braid/runtime/timer_queue.hpp>
#include <braid/testing/run_virtual.hpp>
#include <catch2/catch.hpp>

using namespace braid;
using namespace std::chrono_literals;

TEST_CASE("a sleep lasts exactly its time by the virtual clock") {
  testing::run_virtual([]() -> awaitable<void> {
    const auto start = co_await now();
    co_await sleep_for(36h);
    const auto middle = co_await now();
    CHECK(middle - start == 36h);
    co_await sleep_until(middle - 1s);
    const auto end = co_await now();
    CHECK(end == middle);
  });
}

TEST_CASE("a cancelled sleep ends at once and disarms its timer") {
  testing::run_virtual([]() -> awaitable<void> {
    const auto start = co_await now();
    co_await with_task_group([](task_group& group) -> awaitable<void> {
      group.spawn([]() -> awaitable<void> { co_await sleep_for(1h); });
      co_await sleep_for(1s);
      group.cancel();
    });
    const auto end = co_await now();
    CHECK(end - start == 1s);
    const auto executor = co_await asio::this_coro::executor;
    CHECK_FALSE(timer_queue::of(executor).next().has_value());
  });
}

TEST_CASE("a sleep of the longest duration does not overflow") {
  testing::run_virtual([]() -> awaitable<void> {
    bool slept = false;
    co_await with_task_group([&](task_group& group) -> awaitable<void> {
      group.spawn([&]() -> awaitable<void> {
        co_await sleep_for(duration::max());
        slept = true;
      });
      co_await sleep_for(1h);
      group.cancel();
    });
    CHECK_FALSE(slept);
  });
}

TEST_CASE("yield lets the others run first") {
  testing::run_virtual([]() -> awaitable<void> {
    std::string order;
    co_await with_task_group([&](task_group& group) -> awaitable<void> {
      for (char name : {'a', 'b'}) {
        group.spawn([&order, name]() -> awaitable<void> {
          for (int i = 0; i < 3; ++i) {
            order += name;
            co_await yield();
          }
        });
      }
      co_return;
    });
    CHECK(order == "ababab");
  });
}

TEST_CASE("a sleep works on a user's own io_context in real time") {
  asio::io_context io;
  const auto start = clock::now();
  bool done = false;
  asio::co_spawn(
      io,
      [&]() -> awaitable<void> {
        co_await sleep_for(3ms);
        done = true;
      },
      [](std::exception_ptr failure) { CHECK_FALSE(failure); });
  io.run();
  CHECK(done);
  CHECK(clock::now() - start >= 3ms);
}
