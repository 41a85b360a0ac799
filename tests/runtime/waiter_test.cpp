#include <array>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <braid/core/error.hpp>
#include <braid/runtime/sleep.hpp>
#include <braid/runtime/task_group.hpp>
#include <braid/runtime/waiter.hpp>
#include <braid/testing/run_virtual.hpp>
#include <catch2/catch.hpp>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

using namespace braid;
using namespace std::chrono_literals;

TEST_CASE("a waiter resumes its coroutine after wake has returned") {
  testing::run_virtual([]() -> awaitable<void> {
    std::vector<int> order;
    waiter w;
    co_await with_task_group([&](task_group& group) -> awaitable<void> {
      group.spawn([&]() -> awaitable<void> {
        order.push_back(1);
        co_await w.wait();
        order.push_back(3);
      });
      co_await yield();
      co_await yield();
      const bool ended_the_wait = w.wake();
      order.push_back(2);
      CHECK(ended_the_wait);
      const bool again = w.wake();
      CHECK_FALSE(again);
    });
    CHECK(order == std::vector{1, 2, 3});
  });
}

TEST_CASE("a wake before the wait is kept for one wait") {
  testing::run_virtual([]() -> awaitable<void> {
    waiter w;
    w.wake();
    co_await w.wait();
    CHECK_FALSE(w.waiting());
  });
  const auto wait_twice = []() -> awaitable<void> {
    waiter w;
    w.wake();
    co_await w.wait();
    co_await w.wait();
  };
  CHECK_THROWS_AS(testing::run_virtual(wait_twice), testing::deadlock);
}

TEST_CASE("cancellation ends a wait with operation_aborted") {
  testing::run_virtual([]() -> awaitable<void> {
    waiter w;
    bool aborted = false;
    co_await with_task_group([&](task_group& group) -> awaitable<void> {
      group.spawn([&]() -> awaitable<void> {
        try {
          co_await w.wait();
        } catch (const boost::system::system_error& e) {
          aborted = e.code() == asio::error::operation_aborted;
          throw;
        }
      });
      co_await sleep_for(1s);
      group.cancel();
    });
    CHECK(aborted);
    CHECK_FALSE(w.waiting());
  });
}

TEST_CASE("a quiet wait tells cancellation by its value") {
  testing::run_virtual([]() -> awaitable<void> {
    waiter w;
    std::optional<bool> woken;
    co_await with_task_group([&](task_group& group) -> awaitable<void> {
      group.spawn([&]() -> awaitable<void> { woken = co_await w.wait_quietly(); });
      co_await sleep_for(1s);
      group.cancel();
    });
    CHECK(woken == false);
  });
}

TEST_CASE("a wait that was woken stays woken when cancellation follows") {
  testing::run_virtual([]() -> awaitable<void> {
    waiter w;
    bool woken = false;
    co_await with_task_group([&](task_group& group) -> awaitable<void> {
      group.spawn([&]() -> awaitable<void> {
        co_await w.wait();
        woken = true;
      });
      co_await sleep_for(1s);
      w.wake();
      group.cancel();
    });
    CHECK(woken);
  });
}

TEST_CASE("a wait that was cancelled cannot be woken any more") {
  testing::run_virtual([]() -> awaitable<void> {
    waiter w;
    co_await with_task_group([&](task_group& group) -> awaitable<void> {
      group.spawn([&]() -> awaitable<void> { co_await w.wait(); });
      co_await sleep_for(1s);
      group.cancel();
      const bool ended_the_wait = w.wake();
      CHECK_FALSE(ended_the_wait);
    });
  });
}

TEST_CASE("a waiter takes any completion token") {
  asio::io_context io;
  waiter w;
  int called = 0;
  w.wait()(
      asio::bind_executor(io.get_executor(), [&](boost::system::error_code failure) { called += failure ? 10 : 1; }));
  CHECK(w.waiting());
  w.wake();
  CHECK(called == 0);
  io.run();
  CHECK(called == 1);

  asio::cancellation_signal signal;
  const std::array<char, 100> large{};  // does not fit into the waiter
  w.wait_quietly()(asio::bind_cancellation_slot(
      signal.slot(),
      asio::bind_executor(io.get_executor(), [&, large](bool woken) { called += woken ? 10 : 1 + large[0]; })));
  signal.emit(asio::cancellation_type::total);
  io.restart();
  io.run();
  CHECK(called == 2);
}

TEST_CASE("a coroutine on a strand is resumed on its strand") {
  asio::io_context io;
  auto strand = asio::make_strand(io);
  waiter w;
  bool on_strand = false;
  asio::co_spawn(
      strand,
      [&]() -> awaitable<void> {
        co_await w.wait();
        on_strand = strand.running_in_this_thread();
      },
      [](std::exception_ptr failure) { CHECK_FALSE(failure); });
  asio::post(io, [&] { w.wake(); });
  io.run();
  CHECK(on_strand);
}

TEST_CASE("coroutines that still wait are destroyed with their context") {
  auto alive = std::make_shared<int>(0);
  std::weak_ptr<int> watch = alive;
  {
    asio::io_context io;
    asio::co_spawn(
        io,
        [](std::shared_ptr<int> held) -> awaitable<void> {
          waiter w;
          co_await w.wait();
          ++*held;
        }(std::move(alive)),
        [](std::exception_ptr) {});
    io.poll();
    CHECK_FALSE(watch.expired());
  }
  CHECK(watch.expired());
}

TEST_CASE("another thread wakes a waiter through its context") {
  asio::io_context io;
  int resumed = 0;
  asio::co_spawn(
      io,
      [&]() -> awaitable<void> {
        const auto home = std::this_thread::get_id();
        for (int i = 0; i < 200; ++i) {
          waiter w;
          std::thread other([&] { w.wake_from_other_thread(); });
          co_await w.wait();
          resumed += std::this_thread::get_id() == home;
          other.join();
        }
      },
      [](std::exception_ptr failure) { CHECK_FALSE(failure); });
  io.run();
  CHECK(resumed == 200);
}
