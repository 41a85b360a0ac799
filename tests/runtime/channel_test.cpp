#include <braid/core/error.hpp>
#include <braid/runtime/channel.hpp>
#include <braid/runtime/sleep.hpp>
#include <braid/runtime/task_group.hpp>
#include <braid/testing/run_virtual.hpp>
#include <catch2/catch.hpp>
#include <memory>
#include <string>
#include <vector>

using namespace braid;
using namespace std::chrono_literals;

TEST_CASE("values come out in the order they went in, whatever the capacity") {
  const auto capacity = GENERATE(0, 1, 2, 7, 1000);
  CAPTURE(capacity);
  testing::run_virtual([capacity]() -> awaitable<void> {
    channel<int> numbers(capacity);
    std::vector<int> got;
    co_await with_task_group([&](task_group& group) -> awaitable<void> {
      group.spawn([&]() -> awaitable<void> {
        for (int i = 0; i < 100; ++i) {
          const bool sent = co_await numbers.send(i);
          CHECK(sent);
          CHECK(numbers.size() <= numbers.capacity());
        }
        numbers.close();
      });
      while (auto n = co_await numbers.receive()) got.push_back(*n);
    });
    REQUIRE(got.size() == 100);
    for (int i = 0; i < 100; ++i) CHECK(got[i] == i);
  });
}

TEST_CASE("a send waits while the channel is full") {
  testing::run_virtual([]() -> awaitable<void> {
    channel<std::string> words(1);
    const auto start = co_await now();
    duration sent_after{};
    co_await with_task_group([&](task_group& group) -> awaitable<void> {
      group.spawn([&]() -> awaitable<void> {
        co_await words.send("a");
        co_await words.send("b");
        const auto then = co_await now();
        sent_after = then - start;
      });
      co_await sleep_for(3s);
      auto a = co_await words.receive();
      auto b = co_await words.receive();
      CHECK(a == "a");
      CHECK(b == "b");
    });
    CHECK(sent_after == 3s);
  });
}

TEST_CASE("what is queued survives close, and then receive gives nullopt") {
  testing::run_virtual([]() -> awaitable<void> {
    channel<std::unique_ptr<int>> numbers(4);
    co_await numbers.send(std::make_unique<int>(1));
    co_await numbers.send(std::make_unique<int>(2));
    numbers.close();
    CHECK(numbers.closed());
    auto first = co_await numbers.receive();
    auto second = co_await numbers.receive();
    auto third = co_await numbers.receive();
    REQUIRE(first.has_value());
    REQUIRE(second.has_value());
    CHECK(**first == 1);
    CHECK(**second == 2);
    CHECK_FALSE(third.has_value());
    const bool sent = co_await numbers.send(std::make_unique<int>(3));
    CHECK_FALSE(sent);
  });
}

TEST_CASE("close wakes blocked senders with false and waiting receivers with nullopt") {
  testing::run_virtual([]() -> awaitable<void> {
    channel<int> full(1);
    channel<int> empty(1);
    int refused = 0;
    int ended = 0;
    co_await with_task_group([&](task_group& group) -> awaitable<void> {
      co_await full.send(0);
      for (int i = 0; i < 3; ++i) {
        group.spawn([&]() -> awaitable<void> {
          const bool sent = co_await full.send(1);
          refused += !sent;
        });
        group.spawn([&]() -> awaitable<void> {
          const auto value = co_await empty.receive();
          ended += !value;
        });
      }
      co_await sleep_for(1s);
      full.close();
      empty.close();
    });
    CHECK(refused == 3);
    CHECK(ended == 3);
    CHECK(full.size() == 1);
  });
}

TEST_CASE("a cancelled receive has taken nothing, and the next receiver gets the value") {
  testing::run_virtual([]() -> awaitable<void> {
    channel<int> numbers(1);
    std::optional<int> got;
    co_await with_task_group([&](task_group& group) -> awaitable<void> {
      group.spawn([&]() -> awaitable<void> {
        co_await with_task_group([&](task_group& inner) -> awaitable<void> {
          inner.spawn([&]() -> awaitable<void> { co_await numbers.receive(); });
          co_await sleep_for(1s);
          // Cancelled, but not resumed yet: the value sent now is not for it.
          inner.cancel();
          const bool taken = numbers.try_send(5);
          CHECK(taken);
        });
      });
      group.spawn([&]() -> awaitable<void> {
        co_await sleep_for(500ms);
        got = co_await numbers.receive();
      });
      co_return;
    });
    CHECK(got == 5);
  });
}

TEST_CASE("a cancelled send has queued nothing") {
  testing::run_virtual([]() -> awaitable<void> {
    channel<int> numbers(1);
    co_await numbers.send(1);
    co_await with_task_group([&](task_group& group) -> awaitable<void> {
      group.spawn([&]() -> awaitable<void> { co_await numbers.send(2); });
      co_await sleep_for(1s);
      group.cancel();
      // The blocked sender has been cancelled but not resumed; its value must not move up.
      const auto first = numbers.try_receive();
      CHECK(first == 1);
    });
    const auto next = numbers.try_receive();
    CHECK_FALSE(next.has_value());
  });
}

TEST_CASE("a receive that got its value before the cancellation returns it") {
  testing::run_virtual([]() -> awaitable<void> {
    channel<int> numbers(1);
    std::optional<int> got;
    co_await with_task_group([&](task_group& group) -> awaitable<void> {
      group.spawn([&]() -> awaitable<void> { got = co_await numbers.receive(); });
      co_await sleep_for(1s);
      numbers.try_send(7);
      group.cancel();
    });
    CHECK(got == 7);
  });
}

TEST_CASE("try_send leaves a value alone that it cannot take") {
  channel<std::unique_ptr<int>> numbers(1);
  auto first = std::make_unique<int>(1);
  auto second = std::make_unique<int>(2);
  CHECK(numbers.try_send(first));
  CHECK(first == nullptr);
  CHECK_FALSE(numbers.try_send(second));
  CHECK(second != nullptr);
  CHECK(**numbers.try_receive() == 1);
  CHECK_FALSE(numbers.try_receive().has_value());
  numbers.close();
  CHECK_FALSE(numbers.try_send(second));
}

TEST_CASE("many producers and consumers lose nothing") {
  testing::run_virtual([]() -> awaitable<void> {
    channel<int> numbers(3);
    long sum = 0;
    int senders = 10;
    co_await with_task_group([&](task_group& group) -> awaitable<void> {
      for (int s = 0; s < 10; ++s) {
        group.spawn([&, s]() -> awaitable<void> {
          for (int i = 0; i < 100; ++i) {
            co_await numbers.send(s * 100 + i);
            if (i % 7 == s) co_await sleep_for(1ms);
          }
          if (--senders == 0) numbers.close();
        });
      }
      for (int r = 0; r < 5; ++r) {
        group.spawn([&]() -> awaitable<void> {
          while (auto n = co_await numbers.receive()) sum += *n;
        });
      }
      co_return;
    });
    CHECK(sum == 999L * 1000 / 2);
  });
}
