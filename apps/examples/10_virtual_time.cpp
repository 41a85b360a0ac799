// A test of your own that waits for an hour and takes no time: under braid::testing the clock jumps to the next
// deadline as soon as nothing else is to be done, and every run comes out the same.
#include <braid/core/error.hpp>
#include <braid/runtime/sleep.hpp>
#include <braid/runtime/timeout.hpp>
#include <braid/testing/run_virtual.hpp>
#include <chrono>
#include <iostream>

namespace {

using namespace std::chrono_literals;

// What is to be tested: tries until it works, waiting twice as long after each failure.
template <class Operation>
braid::awaitable<int> patiently(Operation operation) {
  int tries = 1;
  for (auto wait = 1min; !operation(); wait *= 2) {
    co_await braid::sleep_for(wait);
    ++tries;
  }
  co_return tries;
}

}  // namespace

int main() {
  const auto start = std::chrono::steady_clock::now();

  const int tries = braid::testing::run_virtual([]() -> braid::awaitable<int> {
    int failures = 6;
    const auto operation = [&failures] { return failures-- == 0; };
    co_return co_await patiently(operation);
  });
  const bool gave_up = braid::testing::run_virtual([]() -> braid::awaitable<bool> {
    try {
      const auto never = [] { return false; };
      co_await braid::with_timeout(24h, patiently(never));
    } catch (const braid::timeout_error&) {
      co_return true;
    }
    co_return false;
  });

  const auto real = std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - start);
  std::cout << tries << " tries, " << (gave_up ? "gave up after a day" : "never gave up") << ", in " << real.count()
            << " real seconds\n";
  return tries == 7 && gave_up && real < 5s ? 0 : 1;
}
