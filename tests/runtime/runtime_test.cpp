#include <sched.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <braid/core/error.hpp>
#include <braid/runtime/runtime.hpp>
#include <braid/runtime/sleep.hpp>
#include <catch2/catch.hpp>
#include <memory>
#include <set>
#include <string>
#include <thread>

using namespace braid;
using namespace std::chrono_literals;

TEST_CASE("run gives back the value of the coroutine, again and again") {
  runtime one;
  CHECK(one.run([]() -> awaitable<int> { co_return 42; }) == 42);
  const std::string captured = "a captured string that is too long for the small buffer";
  CHECK(one.run([captured]() -> awaitable<std::string> {
    co_await sleep_for(1ms);
    co_return captured;
  }) == captured);
  one.run([]() -> awaitable<void> { co_await sleep_for(1ms); });
}

TEST_CASE("run ends with the exception of a handler which threw through any context") {
  const unsigned where = GENERATE(0u, 1u);
  runtime two(runtime_options{.contexts = 2});
  const auto main = [&]() -> awaitable<void> {
    asio::post(two.at(where).executor(), [] { throw std::runtime_error("of a handler"); });
    co_await sleep_for(1h);
  };
  CHECK_THROWS_WITH(two.run(main), "of a handler");
}

TEST_CASE("run rethrows the exception of the coroutine") {
  runtime two(runtime_options{.contexts = 2});
  const auto failing = []() -> awaitable<int> {
    co_await sleep_for(1ms);
    throw std::runtime_error("no luck");
  };
  CHECK_THROWS_WITH(two.run(failing), "no luck");
  CHECK(two.run([]() -> awaitable<int> { co_return 1; }) == 1);
}

TEST_CASE("each context runs on a thread of its own, context 0 on the caller's") {
  runtime three(runtime_options{.contexts = 3});
  REQUIRE(three.size() == 3);
  std::set<std::thread::id> threads;
  three.run([&]() -> awaitable<void> {
    for (unsigned i = 0; i < 3; ++i) {
      const auto where = [&three, i]() -> awaitable<std::thread::id> {
        const auto executor = co_await asio::this_coro::executor;
        CHECK(context::of(executor) == &three.at(i));
        CHECK(runtime::of(executor) == &three);
        CHECK(three.at(i).index() == i);
        co_return std::this_thread::get_id();
      };
      const auto id = co_await asio::co_spawn(three.at(i).executor(), where, asio::use_awaitable);
      threads.insert(id);
    }
  });
  CHECK(threads.size() == 3);
  CHECK(threads.count(std::this_thread::get_id()) == 1);
}

TEST_CASE("all_cores is the number of cores the process may use") {
  cpu_set_t set;
  CPU_ZERO(&set);
  REQUIRE(sched_getaffinity(0, sizeof set, &set) == 0);
  CHECK(runtime(runtime_options{.contexts = all_cores}).size() == static_cast<unsigned>(CPU_COUNT(&set)));
}

TEST_CASE("pinning confines a context to one core and gives the caller its cores back") {
  cpu_set_t before;
  CPU_ZERO(&before);
  REQUIRE(sched_getaffinity(0, sizeof before, &before) == 0);
  runtime pinned(runtime_options{.contexts = 1, .pin = true});
  const int cores = pinned.run([]() -> awaitable<int> {
    cpu_set_t inside;
    CPU_ZERO(&inside);
    sched_getaffinity(0, sizeof inside, &inside);
    co_return CPU_COUNT(&inside);
  });
  CHECK(cores == 1);
  cpu_set_t after;
  CPU_ZERO(&after);
  REQUIRE(sched_getaffinity(0, sizeof after, &after) == 0);
  CHECK(CPU_EQUAL(&before, &after));
}

TEST_CASE("a context of the user's own belongs to no runtime") {
  asio::io_context io;
  CHECK(runtime::of(io.get_executor()) == nullptr);
  CHECK(context::of(io.get_executor()) == nullptr);
}

TEST_CASE("what still runs when main has ended is destroyed with the runtime") {
  auto held = std::make_shared<int>(1);
  std::weak_ptr<int> watch = held;
  {
    runtime two(runtime_options{.contexts = 2});
    two.run([&]() -> awaitable<void> {
      auto forever = [](std::shared_ptr<int>) -> awaitable<void> { co_await sleep_for(1h); };
      asio::co_spawn(two.at(1).executor(), forever(std::move(held)), [](std::exception_ptr) {});
      co_await sleep_for(1ms);
    });
    CHECK_FALSE(watch.expired());
  }
  CHECK(watch.expired());
}

TEST_CASE("an unreasonable number of contexts is refused") {
  CHECK_THROWS_AS(runtime(runtime_options{.contexts = 100'000}), invalid_argument);
}
