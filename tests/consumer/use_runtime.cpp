// Two tasks at once, with nothing but braid::runtime.
#include <braid/runtime/runtime.hpp>
#include <braid/runtime/sleep.hpp>
#include <braid/runtime/task_group.hpp>
#include <cstdio>

namespace {

using namespace std::chrono_literals;

braid::awaitable<void> say(const char* word) {
  co_await braid::sleep_for(1ms);
  std::puts(word);
}

braid::awaitable<void> say_both() {
  co_await braid::with_task_group([](braid::task_group& group) -> braid::awaitable<void> {
    group.spawn(say("both"));
    group.spawn(say("at once"));
    co_return;
  });
}

}  // namespace

int main() {
  braid::runtime runtime;
  runtime.run(say_both);
}
