#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <braid/core/error.hpp>
#include <braid/runtime/run_on.hpp>
#include <braid/runtime/runtime.hpp>
#include <braid/runtime/sleep.hpp>
#include <braid/runtime/task_group.hpp>
#include <braid/runtime/timeout.hpp>
#include <catch2/catch.hpp>
#include <memory>
#include <thread>

using namespace braid;
using namespace std::chrono_literals;

TEST_CASE("run_on runs there and comes back here with the value") {
  runtime two(runtime_options{.contexts = 2});
  two.run([&]() -> awaitable<void> {
    const auto home = std::this_thread::get_id();
    for (int i = 0; i < 100; ++i) {
      auto there = std::make_unique<int>(i);
      auto twice = [&, there = std::move(there)]() -> awaitable<std::unique_ptr<int>> {
        CHECK(std::this_thread::get_id() != home);
        co_await yield();
        auto result = std::make_unique<int>(*there * 2);
        co_return result;
      };
      auto errand = run_on(two.at(1), std::move(twice));
      auto value = co_await std::move(errand);
      CHECK(std::this_thread::get_id() == home);
      CHECK(*value == 2 * i);
    }
  });
}

TEST_CASE("run_on brings the exception back") {
  runtime two(runtime_options{.contexts = 2});
  const auto failing = [&]() -> awaitable<void> {
    co_await run_on(two.at(1), []() -> awaitable<int> { throw std::runtime_error("from there"); });
  };
  CHECK_THROWS_WITH(two.run(failing), "from there");
}

TEST_CASE("the exception dies on the context it was brought to") {
  // libstdc++ counts an exception's owners where ThreadSanitizer cannot see it; one owner needs no counting.
  struct noted : std::exception {
    explicit noted(std::shared_ptr<std::thread::id> id) : destroyed_on(std::move(id)) {}
    ~noted() override { *destroyed_on = std::this_thread::get_id(); }
    std::shared_ptr<std::thread::id> destroyed_on;
  };
  runtime two(runtime_options{.contexts = 2});
  two.run([&]() -> awaitable<void> {
    for (int i = 0; i < 500; ++i) {
      const auto destroyed_on = std::make_shared<std::thread::id>();
      const auto failing = [destroyed_on]() -> awaitable<void> { throw noted(destroyed_on); };
      try {
        co_await run_on(two.at(1), failing);
      } catch (const noted&) {
      }
      REQUIRE(*destroyed_on == std::this_thread::get_id());
    }
  });
}

TEST_CASE("cancellation crosses to the other context, and run_on waits for the end there") {
  runtime two(runtime_options{.contexts = 2});
  std::atomic<bool> ended = false;
  two.run([&]() -> awaitable<void> {
    bool timed_out = false;
    try {
      co_await with_timeout(2ms, run_on(two.at(1), [&]() -> awaitable<void> {
                              struct note {
                                std::atomic<bool>& flag;
                                ~note() {
                                  std::this_thread::sleep_for(1ms);
                                  flag = true;
                                }
                              } on_exit{ended};
                              co_await sleep_for(1h);
                            }));
    } catch (const timeout_error&) {
      timed_out = true;
    }
    CHECK(timed_out);
    CHECK(ended);
  });
}

TEST_CASE("what the function holds is destroyed on the other context before run_on returns") {
  runtime two(runtime_options{.contexts = 2});
  two.run([&]() -> awaitable<void> {
    std::thread::id destroyed_on;
    const auto note = [&](int* p) {
      destroyed_on = std::this_thread::get_id();
      delete p;
    };
    std::unique_ptr<int, decltype(note)> held(new int(1), note);
    std::thread::id there;
    auto hold = [&, held = std::move(held)]() -> awaitable<void> {
      there = std::this_thread::get_id();
      co_return;
    };
    auto errand = run_on(two.at(1), std::move(hold));
    co_await std::move(errand);
    CHECK(destroyed_on == there);
    CHECK(there != std::this_thread::get_id());
  });
}

TEST_CASE("a group has tasks on several contexts, and one failure ends all of them") {
  runtime three(runtime_options{.contexts = 3});
  std::atomic<int> begun = 0;
  std::atomic<int> cancelled = 0;
  const auto work = [&]() -> awaitable<void> {
    co_await with_task_group([&](task_group& group) -> awaitable<void> {
      for (unsigned i = 0; i < 3; ++i) {
        group.spawn_on(three.at(i), [&]() -> awaitable<void> {
          ++begun;
          try {
            co_await sleep_for(1h);
          } catch (const boost::system::system_error&) {
            ++cancelled;
            throw;
          }
        });
      }
      group.spawn_on(three.at(2), [&]() -> awaitable<void> {
        while (begun < 3) co_await sleep_for(100us);
        throw std::runtime_error("one of them");
      });
      co_return;
    });
  };
  CHECK_THROWS_WITH(three.run(work), "one of them");
  CHECK(cancelled == 3);
}

TEST_CASE("run_on keeps a user's io_context busy until the function has ended") {
  asio::io_context there;
  auto keep = asio::make_work_guard(there);
  std::thread thread([&] { there.run(); });
  asio::io_context here;
  int value = 0;
  asio::co_spawn(
      here,
      [&]() -> awaitable<void> {
        auto started = run_on(there.get_executor(), [&]() -> awaitable<int> {
          keep.reset();
          co_await sleep_for(3ms);
          co_return 5;
        });
        value = co_await std::move(started);
      },
      [](std::exception_ptr failure) { CHECK_FALSE(failure); });
  here.run();
  thread.join();
  CHECK(value == 5);
}
