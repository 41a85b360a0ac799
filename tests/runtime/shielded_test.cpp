#include <braid/core/error.hpp>
#include <braid/runtime/shielded.hpp>
#include <braid/runtime/sleep.hpp>
#include <braid/runtime/task_group.hpp>
#include <braid/testing/run_virtual.hpp>
#include <catch2/catch.hpp>
#include <string>

using namespace braid;
using namespace std::chrono_literals;

TEST_CASE("a shielded clean-up runs to its end in a cancelled coroutine") {
  testing::run_virtual([]() -> awaitable<void> {
    std::string log;
    const auto begin = co_await now();
    co_await with_task_group([&](task_group& group) -> awaitable<void> {
      group.spawn([&]() -> awaitable<void> {
        std::exception_ptr failure;
        try {
          co_await sleep_for(1h);
        } catch (...) {
          failure = std::current_exception();
        }
        const auto say_goodbye = [&]() -> awaitable<void> {
          co_await sleep_for(1s);
          log += "goodbye ";
        };
        co_await shielded(say_goodbye(), 5s);
        log += is_cancelled(failure) ? "cancelled" : "?";
        std::rethrow_exception(failure);
      });
      co_await sleep_for(1s);
      group.cancel();
    });
    const auto end = co_await now();
    CHECK(log == "goodbye cancelled");
    CHECK(end - begin == 2s);
  });
}

TEST_CASE("cancellation during a shielded clean-up does not disturb it") {
  testing::run_virtual([]() -> awaitable<void> {
    bool cleaned_up = false;
    bool went_on = false;
    co_await with_task_group([&](task_group& group) -> awaitable<void> {
      group.spawn([&]() -> awaitable<void> {
        const auto cleanup = [&]() -> awaitable<void> {
          co_await sleep_for(2s);
          cleaned_up = true;
        };
        co_await shielded(cleanup(), 5s);
        co_await sleep_for(1s);
        went_on = true;
      });
      co_await sleep_for(1s);
      group.cancel();
    });
    CHECK(cleaned_up);
    CHECK_FALSE(went_on);
  });
}

TEST_CASE("a clean-up that takes too long is cancelled at its limit, and its failure can be asked for") {
  testing::run_virtual([]() -> awaitable<void> {
    std::exception_ptr failure;
    const auto begin = co_await now();
    co_await shielded(sleep_for(1h), 3s, &failure);
    const auto end = co_await now();
    CHECK(end - begin == 3s);
    CHECK_THROWS_AS(std::rethrow_exception(failure), timeout_error);
    const auto failing = []() -> awaitable<void> {
      co_await yield();
      throw std::runtime_error("lost");
    };
    co_await shielded(failing(), 3s);
    co_await shielded(failing(), 3s, &failure);
    CHECK(describe(failure) == "lost");
  });
}

TEST_CASE("a hundred thousand shielded clean-ups that end at once do not grow the stack") {
  testing::run_virtual([]() -> awaitable<void> {
    int done = 0;
    const auto quick = [&]() -> awaitable<void> {
      ++done;
      co_return;
    };
    for (int i = 0; i < 100'000; ++i) co_await shielded(quick(), 1s);
    CHECK(done == 100'000);
  });
}
