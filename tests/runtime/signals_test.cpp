#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <braid/core/error.hpp>
#include <braid/runtime/runtime.hpp>
#include <braid/runtime/signals.hpp>
#include <braid/runtime/sleep.hpp>
#include <braid/runtime/task_group.hpp>
#include <braid/testing/run_virtual.hpp>
#include <catch2/catch.hpp>
#include <csignal>
#include <string>

using namespace braid;
using namespace std::chrono_literals;

TEST_CASE("the first signal asks, the second cancels") {
  runtime one;
  std::string log;
  one.run([&]() -> awaitable<void> {
    const auto executor = co_await asio::this_coro::executor;
    interrupt stop(executor);
    stop.on_request([&] { log += "asked "; });
    stop.on_cancel([&] { log += "told "; });
    CHECK_FALSE(stop.requested());
    const auto work = [&]() -> awaitable<void> {
      std::raise(SIGINT);
      co_await stop.wait();
      CHECK(stop.requested());
      CHECK_FALSE(stop.cancelled());
      log += "finishing ";
      std::raise(SIGTERM);
      co_await sleep_for(1h);
      log += "?";
    };
    std::exception_ptr failure;
    try {
      co_await stop.cancels(work());
    } catch (...) {
      failure = std::current_exception();
    }
    CHECK(is_cancelled(failure));
    CHECK(stop.cancelled());
  });
  CHECK(log == "asked finishing told ");
  // The signals have their default effect again.
  struct sigaction action {};
  sigaction(SIGINT, nullptr, &action);
  CHECK(action.sa_handler == SIG_DFL);
}

TEST_CASE("an operation that ends before a second signal is not disturbed") {
  testing::run_virtual([]() -> awaitable<void> {
    const auto executor = co_await asio::this_coro::executor;
    interrupt stop(executor);
    bool done = false;
    const auto work = [&]() -> awaitable<void> {
      stop.notify();
      co_await sleep_for(1s);
      done = true;
    };
    co_await stop.cancels(work());
    CHECK(done);
    int called = 0;
    stop.on_request([&] { ++called; });
    CHECK(called == 1);
    stop.notify();
    stop.notify();
    CHECK(stop.cancelled());
  });
}

TEST_CASE("a failure of the operation comes through") {
  testing::run_virtual([]() -> awaitable<void> {
    const auto executor = co_await asio::this_coro::executor;
    interrupt stop(executor);
    const auto failing = []() -> awaitable<void> {
      co_await sleep_for(1s);
      throw std::runtime_error("disk full");
    };
    std::string what;
    try {
      co_await stop.cancels(failing());
    } catch (const std::runtime_error& e) {
      what = e.what();
    }
    CHECK(what == "disk full");
  });
}

TEST_CASE("waiting for a signal can be cancelled") {
  testing::run_virtual([]() -> awaitable<void> {
    const auto executor = co_await asio::this_coro::executor;
    interrupt stop(executor);
    const auto begin = co_await now();
    co_await with_task_group([&](task_group& group) -> awaitable<void> {
      group.spawn([&]() -> awaitable<void> { co_await stop.wait(); });
      co_await sleep_for(1s);
      group.cancel();
    });
    const auto end = co_await now();
    CHECK(end - begin == 1s);
  });
}

TEST_CASE("an interrupt does not keep run from returning") {
  asio::io_context io;
  interrupt stop(io.get_executor());
  bool ran = false;
  asio::co_spawn(
      io,
      [&]() -> awaitable<void> {
        co_await sleep_for(1ms);
        ran = true;
      },
      [](std::exception_ptr) {});
  io.run();
  CHECK(ran);
}
