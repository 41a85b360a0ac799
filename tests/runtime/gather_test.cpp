#include <braid/core/error.hpp>
#include <braid/runtime/gather.hpp>
#include <braid/runtime/sleep.hpp>
#include <braid/testing/run_virtual.hpp>
#include <catch2/catch.hpp>
#include <string>

using namespace braid;
using namespace std::chrono_literals;

namespace {

awaitable<std::string> say(std::string word, duration after) {
  co_await sleep_for(after);
  co_return word;
}

awaitable<std::string> fail(std::string why, duration after) {
  co_await sleep_for(after);
  throw std::runtime_error(why);
}

}  // namespace

TEST_CASE("all runs operations at the same time and gives their values in order") {
  testing::run_virtual([]() -> awaitable<void> {
    const auto start = co_await now();
    auto [a, nothing, b] = co_await all(say("a", 3s), sleep_for(1s), say("b", 2s));
    const auto end = co_await now();
    CHECK(a == "a");
    CHECK(b == "b");
    static_cast<void>(nothing);
    CHECK(end - start == 3s);

    std::vector<awaitable<std::string>> many;
    for (int i = 0; i < 5; ++i) many.push_back(say(std::to_string(i), std::chrono::seconds(5 - i)));
    const auto words = co_await all(std::move(many));
    CHECK(words == std::vector<std::string>{"0", "1", "2", "3", "4"});

    std::vector<awaitable<void>> sleeps;
    sleeps.push_back(sleep_for(1s));
    co_await all(std::move(sleeps));
  });
}

TEST_CASE("the first failure in all cancels the others") {
  testing::run_virtual([]() -> awaitable<void> {
    const auto start = co_await now();
    std::string what;
    try {
      co_await all(say("a", 1h), fail("no", 1s));
    } catch (const std::runtime_error& e) {
      what = e.what();
    }
    const auto end = co_await now();
    CHECK(what == "no");
    CHECK(end - start == 1s);
  });
}

TEST_CASE("collect keeps failures apart") {
  testing::run_virtual([]() -> awaitable<void> {
    std::vector<awaitable<std::string>> operations;
    operations.push_back(say("a", 2s));
    operations.push_back(fail("no", 1s));
    operations.push_back(say("c", 3s));
    const auto results = co_await collect(std::move(operations));
    REQUIRE(results.size() == 3);
    CHECK(results[0].value() == "a");
    CHECK(describe(results[1].error()) == "no");
    CHECK(results[2].value() == "c");
  });
}

TEST_CASE("a cancelled collect throws instead of giving results") {
  testing::run_virtual([]() -> awaitable<void> {
    std::exception_ptr failure;
    co_await with_task_group([&](task_group& group) -> awaitable<void> {
      group.spawn([&]() -> awaitable<void> {
        std::vector<awaitable<void>> operations;
        operations.push_back(sleep_for(1h));
        try {
          co_await collect(std::move(operations));
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
