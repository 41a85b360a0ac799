#include <braid/core/error.hpp>
#include <braid/runtime/sleep.hpp>
#include <braid/runtime/task_group.hpp>
#include <braid/runtime/timeout.hpp>
#include <braid/testing/run_virtual.hpp>
#include <catch2/catch.hpp>

using namespace braid;
using namespace std::chrono_literals;

namespace {

awaitable<int> answer_after(duration time) {
  co_await sleep_for(time);
  co_return 42;
}

awaitable<int> fail_after(duration time) {
  co_await sleep_for(time);
  throw connect_error("connect a.example: refused");
}

}  // namespace

TEST_CASE("with_timeout returns the value of an operation that is in time") {
  testing::run_virtual([]() -> awaitable<void> {
    const int later = co_await with_timeout(5s, answer_after(4s));
    CHECK(later == 42);
    const int at_once = co_await with_timeout(5s, []() -> awaitable<int> { co_return 7; }());
    CHECK(at_once == 7);
    co_await with_timeout(5s, sleep_for(1s));
  });
}

TEST_CASE("with_timeout throws timeout_error naming the limit once the operation has ended") {
  testing::run_virtual([]() -> awaitable<void> {
    bool cleaned_up = false;
    const auto start = co_await now();
    auto slow = [&]() -> awaitable<int> {
      struct note {
        bool& flag;
        ~note() { flag = true; }
      } cleanup{cleaned_up};
      co_await sleep_for(1h);
      co_return 0;
    };
    std::string message, phase;
    try {
      co_await with_timeout(1500ms, slow(), "first byte");
    } catch (const timeout_error& e) {
      message = e.what();
      phase = e.phase();
      CHECK(cleaned_up);
    }
    const auto end = co_await now();
    CHECK(end - start == 1500ms);
    CHECK(phase == "first byte");
    CHECK(message == "first byte: nothing within 1.5 s");
  });
}

TEST_CASE("with_timeout lets the operation's own failure through at once") {
  testing::run_virtual([]() -> awaitable<void> {
    const auto start = co_await now();
    bool refused = false;
    try {
      co_await with_timeout(1h, fail_after(1s));
    } catch (const connect_error&) {
      refused = true;
    }
    const auto end = co_await now();
    CHECK(refused);
    CHECK(end - start == 1s);
  });
}

TEST_CASE("with_timeout passes cancellation on and reports it as such") {
  testing::run_virtual([]() -> awaitable<void> {
    std::exception_ptr failure;
    co_await with_task_group([&](task_group& group) -> awaitable<void> {
      group.spawn([&]() -> awaitable<void> {
        try {
          co_await with_timeout(1h, answer_after(2h));
        } catch (...) {
          failure = std::current_exception();
        }
      });
      co_await sleep_for(1s);
      group.cancel();
    });
    CHECK(is_cancelled(failure));
  });
}

TEST_CASE("timeouts nest, and the inner one fires alone") {
  testing::run_virtual([]() -> awaitable<void> {
    std::string phase;
    int value = 0;
    auto inner = [&]() -> awaitable<int> {
      try {
        co_await with_timeout(1s, answer_after(1h), "inner");
      } catch (const timeout_error& e) {
        phase = e.phase();
      }
      co_await sleep_for(1s);
      co_return 5;
    };
    value = co_await with_timeout(1min, inner(), "outer");
    CHECK(phase == "inner");
    CHECK(value == 5);
  });
}

TEST_CASE("an operation that swallows the cancellation of its limit and succeeds has succeeded") {
  testing::run_virtual([]() -> awaitable<void> {
    auto stubborn = []() -> awaitable<int> {
      try {
        co_await sleep_for(1h);
      } catch (const boost::system::system_error&) {
      }
      co_return 3;
    };
    const int value = co_await with_timeout(1s, stubborn());
    CHECK(value == 3);
  });
}

TEST_CASE("with_timeout takes values that have no default constructor") {
  struct page {
    explicit page(int n) : size(n) {}
    int size;
  };
  testing::run_virtual([]() -> awaitable<void> {
    auto fetch = []() -> awaitable<page> { co_return page(9); };
    const page got = co_await with_timeout(1s, fetch());
    CHECK(got.size == 9);
  });
}
