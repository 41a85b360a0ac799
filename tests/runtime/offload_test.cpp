#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <braid/core/error.hpp>
#include <braid/runtime/offload.hpp>
#include <braid/runtime/sleep.hpp>
#include <braid/runtime/task_group.hpp>
#include <braid/runtime/timeout.hpp>
#include <braid/testing/run_virtual.hpp>
#include <catch2/catch.hpp>
#include <future>
#include <memory>
#include <string>
#include <thread>

using namespace braid;
using namespace std::chrono_literals;

TEST_CASE("offload runs elsewhere and comes back with the value, in virtual time too") {
  testing::run_virtual([]() -> awaitable<void> {
    const auto home = std::this_thread::get_id();
    const auto there = co_await offload([] {
      std::this_thread::sleep_for(2ms);
      return std::this_thread::get_id();
    });
    CHECK(there != home);
    CHECK(std::this_thread::get_id() == home);
    auto owner = co_await offload([] { return std::make_unique<int>(5); });
    CHECK(*owner == 5);
    co_await offload([] {});
  });
}

TEST_CASE("offload brings the exception back") {
  const auto failing = []() -> awaitable<int> { return offload([]() -> int { throw std::runtime_error("disk"); }); };
  CHECK_THROWS_WITH(testing::run_virtual(failing), "disk");
}

TEST_CASE("a cancelled caller leaves at once, and the call ends by itself with what it owns") {
  blocking_pool pool(1);
  std::promise<void> begun;
  std::promise<void> release;
  std::atomic<bool> ended = false;
  auto released = release.get_future().share();
  asio::io_context io;
  std::exception_ptr failure;
  asio::co_spawn(
      io,
      [&]() -> awaitable<void> {
        auto owned = std::make_shared<std::string>("still here");
        auto call = offload(pool, [&begun, &ended, released, owned] {
          begun.set_value();
          released.wait();
          ended = *owned == "still here";
        });
        owned.reset();
        co_await with_timeout(5ms, std::move(call));
      },
      [&](std::exception_ptr error) { failure = error; });
  io.run();
  CHECK_THROWS_AS(std::rethrow_exception(failure), timeout_error);
  begun.get_future().wait();
  CHECK_FALSE(ended);
  release.set_value();
  while (!ended) std::this_thread::yield();
}

TEST_CASE("a call that nobody waits for any more is not made, and a full line is refused") {
  blocking_pool pool(1, 2);
  std::promise<void> release;
  auto released = release.get_future().share();
  std::atomic<int> made = 0;
  testing::virtual_runner runner;
  runner.run([&]() -> awaitable<void> {
    co_await with_task_group([&](task_group& group) -> awaitable<void> {
      std::promise<void> begun;
      auto busy = begun.get_future();
      group.spawn([&]() -> awaitable<void> {
        auto call = offload(pool, [released, &begun] {
          begun.set_value();
          released.wait();
        });
        co_await std::move(call);
      });
      co_await yield();
      co_await yield();
      busy.wait();
      bool refused = false;
      co_await with_task_group([&](task_group& inner) -> awaitable<void> {
        for (int i = 0; i < 2; ++i) {
          inner.spawn([&]() -> awaitable<void> { co_await offload(pool, [&made] { ++made; }); });
        }
        co_await yield();
        co_await yield();
        try {
          co_await offload(pool, [] {});
        } catch (const limit_error&) {
          refused = true;
        }
        inner.cancel();
      });
      CHECK(refused);
      release.set_value();
    });
    // The line is served in order, so this one comes after those that were given up.
    co_await offload(pool, [] {});
  });
  CHECK(made == 0);
}

TEST_CASE("a context may go while its call is still running") {
  blocking_pool pool(1);
  std::promise<void> release;
  auto released = release.get_future().share();
  {
    asio::io_context io;
    asio::co_spawn(
        io,
        [&]() -> awaitable<void> {
          auto call = offload(pool, [released] { released.wait(); });
          co_await std::move(call);
        },
        [](std::exception_ptr) {});
    io.poll();
  }
  release.set_value();
}

TEST_CASE("many calls from many tasks all come back") {
  testing::run_virtual([]() -> awaitable<void> {
    int sum = 0;
    co_await with_task_group([&](task_group& group) -> awaitable<void> {
      for (int i = 0; i < 500; ++i) {
        group.spawn([&sum, i]() -> awaitable<void> {
          const int value = co_await offload([i] { return i; });
          sum += value;
        });
      }
      co_return;
    });
    CHECK(sum == 500 * 499 / 2);
  });
}
