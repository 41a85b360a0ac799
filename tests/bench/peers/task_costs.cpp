// task_costs: nanoseconds for what tasks do, as lines "NAME NANOSECONDS". The least of several rounds, since noise only
// adds.
#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>

#include <braid/core/clock.hpp>
#include <braid/runtime/channel.hpp>
#include <braid/runtime/run_on.hpp>
#include <braid/runtime/runtime.hpp>
#include <braid/runtime/sleep.hpp>
#include <braid/runtime/task_group.hpp>

namespace {

using namespace braid;

constexpr int rounds = 7;

void tell(const char* name, double nanoseconds) {
  std::printf("%s %.1f\n", name, nanoseconds);
  std::fflush(stdout);
}

double since(time_point begin, int count) {
  return std::chrono::duration<double, std::nano>(clock::now() - begin).count() / count;
}

awaitable<void> nothing() { co_return; }

awaitable<void> spawning() {
  constexpr int count = 100'000;
  double best = 1e9;
  for (int round = 0; round < rounds; ++round) {
    const time_point begin = clock::now();
    co_await with_task_group([](task_group& group) -> awaitable<void> {
      for (int i = 0; i < count; ++i) {
        group.spawn(nothing());
        if (i % 64 == 63) co_await yield();
      }
    });
    best = std::min(best, since(begin, count));
  }
  tell("spawn", best);
}

awaitable<void> giving_way(int times) {
  for (int i = 0; i < times; ++i) co_await yield();
}

awaitable<void> switching() {
  constexpr int count = 100'000;
  double best = 1e9;
  for (int round = 0; round < rounds; ++round) {
    const time_point begin = clock::now();
    co_await with_task_group([](task_group& group) -> awaitable<void> {
      group.spawn(giving_way(count / 2));
      group.spawn(giving_way(count / 2));
      co_return;
    });
    best = std::min(best, since(begin, count));
  }
  tell("switch", best);
}

awaitable<void> through_a_channel() {
  constexpr int count = 100'000;
  double best = 1e9;
  for (int round = 0; round < rounds; ++round) {
    channel<int> numbers(16);
    long sum = 0;
    const time_point begin = clock::now();
    for (int i = 0; i < count; ++i) {
      co_await numbers.send(i);
      const std::optional<int> got = co_await numbers.receive();
      sum += *got;
    }
    best = std::min(best, since(begin, count));
    if (sum == 0) std::abort();
  }
  tell("channel", best);
}

/// Keeps its context from sleeping.
awaitable<void> busy(const std::atomic<bool>& done) {
  while (!done.load(std::memory_order_relaxed)) co_await yield();
}

awaitable<void> hops(context& other, std::atomic<bool>& done) {
  constexpr int count = 2000;
  double best = 1e9;
  for (int round = 0; round < rounds; ++round) {
    const time_point begin = clock::now();
    for (int i = 0; i < count; ++i) co_await run_on(other, nothing);
    best = std::min(best, since(begin, 2 * count));
  }
  done = true;
  tell("hop", best);
}

awaitable<void> hopping(context& other) {
  std::atomic<bool> done = false;
  const auto keep_busy = [&done] { return busy(done); };
  co_await with_task_group([&](task_group& group) -> awaitable<void> {
    group.spawn(busy(done));
    group.spawn(run_on(other, keep_busy));
    group.spawn(hops(other, done));
    co_return;
  });
}

}  // namespace

int main() {
  runtime_options options;
  options.contexts = 2;
  options.pin = true;
  runtime both(options);
  both.run([&]() -> awaitable<void> {
    co_await spawning();
    co_await switching();
    co_await through_a_channel();
    co_await hopping(both.at(1));
  });
}
