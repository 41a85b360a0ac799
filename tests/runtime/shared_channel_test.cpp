#include <atomic>
#include <braid/core/error.hpp>
#include <braid/runtime/runtime.hpp>
#include <braid/runtime/shared_channel.hpp>
#include <braid/runtime/sleep.hpp>
#include <braid/runtime/task_group.hpp>
#include <braid/testing/run_virtual.hpp>
#include <catch2/catch.hpp>
#include <memory>

using namespace braid;
using namespace std::chrono_literals;

TEST_CASE("values cross contexts, none is lost and each sender's stay in order") {
  const auto capacity = GENERATE(0, 1, 16);
  CAPTURE(capacity);
  runtime three(runtime_options{.contexts = 3});
  shared_channel<std::unique_ptr<std::pair<int, int>>> numbers(capacity);
  std::atomic<int> received = 0;
  std::atomic<int> disorder = 0;
  constexpr int count = 2000;
  three.run([&]() -> awaitable<void> {
    co_await with_task_group([&](task_group& group) -> awaitable<void> {
      group.spawn([&]() -> awaitable<void> {
        co_await with_task_group([&](task_group& senders) -> awaitable<void> {
          for (int s = 0; s < 2; ++s) {
            senders.spawn_on(three.at(s), [&numbers, s]() -> awaitable<void> {
              for (int i = 0; i < count; ++i) {
                auto value = std::make_unique<std::pair<int, int>>(s, i);
                co_await numbers.send(std::move(value));
              }
            });
          }
          co_return;
        });
        numbers.close();
      });
      for (int r = 1; r < 3; ++r) {
        group.spawn_on(three.at(r), [&]() -> awaitable<void> {
          int last[2] = {-1, -1};
          while (auto value = co_await numbers.receive()) {
            auto [s, i] = **value;
            if (i <= last[s]) ++disorder;
            last[s] = i;
            ++received;
          }
        });
      }
      co_return;
    });
  });
  CHECK(received == 2 * count);
  CHECK(disorder == 0);
}

TEST_CASE("closing from one context ends those who wait on another") {
  runtime two(runtime_options{.contexts = 2});
  shared_channel<int> empty(1);
  shared_channel<int> full(1);
  full.try_send(1);
  std::atomic<int> ended = 0;
  two.run([&]() -> awaitable<void> {
    co_await with_task_group([&](task_group& group) -> awaitable<void> {
      group.spawn_on(two.at(1), [&]() -> awaitable<void> {
        const auto value = co_await empty.receive();
        ended += !value;
      });
      group.spawn_on(two.at(1), [&]() -> awaitable<void> {
        const bool sent = co_await full.send(2);
        ended += !sent;
      });
      co_await sleep_for(2ms);
      empty.close();
      full.close();
    });
  });
  CHECK(ended == 2);
  CHECK(full.try_receive() == 1);
  CHECK(full.closed());
}

TEST_CASE("receivers cancelled while another context sends lose nothing") {
  runtime two(runtime_options{.contexts = 2});
  shared_channel<int> numbers(0);
  std::atomic<long> sum = 0;
  constexpr int count = 3000;
  two.run([&]() -> awaitable<void> {
    co_await with_task_group([&](task_group& group) -> awaitable<void> {
      group.spawn_on(two.at(1), [&]() -> awaitable<void> {
        for (int i = 1; i <= count; ++i) co_await numbers.send(i);
        numbers.close();
      });
      group.spawn([&]() -> awaitable<void> {
        while (!numbers.closed()) {
          // A receiver is cancelled at a random point of the race, a thousand times.
          co_await with_task_group([&](task_group& inner) -> awaitable<void> {
            inner.spawn([&]() -> awaitable<void> {
              while (auto n = co_await numbers.receive()) sum += *n;
            });
            for (int i = 0; i < 5; ++i) co_await yield();
            inner.cancel();
          });
        }
      });
      co_return;
    });
  });
  CHECK(sum == static_cast<long>(count) * (count + 1) / 2);
}

TEST_CASE("a cancelled send to a shared channel has queued nothing") {
  testing::run_virtual([]() -> awaitable<void> {
    shared_channel<int> numbers(1);
    co_await numbers.send(1);
    co_await with_task_group([&](task_group& group) -> awaitable<void> {
      group.spawn([&]() -> awaitable<void> { co_await numbers.send(2); });
      co_await sleep_for(1s);
      group.cancel();
      const auto first = numbers.try_receive();
      CHECK(first == 1);
    });
    CHECK(numbers.size() == 0);
    numbers.try_send(3);
    numbers.close();
    const auto kept = co_await numbers.receive();
    const auto end = co_await numbers.receive();
    CHECK(kept == 3);
    CHECK_FALSE(end.has_value());
  });
}
