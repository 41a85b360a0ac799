#include "switch_cost.hpp"

#include <braid/core/clock.hpp>
#include <braid/runtime/runtime.hpp>
#include <braid/runtime/sleep.hpp>
#include <braid/runtime/task_group.hpp>

namespace braid::bench {
namespace {

constexpr int turns = 100'000;

awaitable<void> take_turns() {
  for (int i = 0; i < turns; ++i) {
    co_await yield();
  }
}

awaitable<void> two_that_take_turns() {
  co_await with_task_group([](task_group& group) -> awaitable<void> {
    group.spawn(take_turns());
    group.spawn(take_turns());
    co_return;
  });
}

}  // namespace

double switch_cost_ns() {
  runtime one;
  const auto begin = clock::now();
  one.run([] { return two_that_take_turns(); });
  return std::chrono::duration<double, std::nano>(clock::now() - begin).count() / (2 * turns);
}

}  // namespace braid::bench
