#include <atomic>
#include <braid/core/error.hpp>
#include <braid/runtime/for_each.hpp>
#include <braid/runtime/runtime.hpp>
#include <braid/runtime/sleep.hpp>
#include <braid/testing/run_virtual.hpp>
#include <catch2/catch.hpp>
#include <list>
#include <memory>
#include <mutex>
#include <set>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

using namespace braid;
using namespace std::chrono_literals;

TEST_CASE("for_each visits every item, at most limit at once") {
  testing::run_virtual([]() -> awaitable<void> {
    std::vector<int> items(100);
    int inside = 0;
    int most = 0;
    const auto start = co_await now();
    co_await for_each(items, 7, [&](int& item) -> awaitable<void> {
      most = std::max(most, ++inside);
      co_await sleep_for(1s);
      --inside;
      ++item;
    });
    const auto end = co_await now();
    CHECK(most == 7);
    CHECK(end - start == 15s);
    CHECK(items == std::vector<int>(100, 1));
  });
}

TEST_CASE("for_each takes ranges of every kind") {
  testing::run_virtual([]() -> awaitable<void> {
    std::string seen;
    const auto note = [&](std::string word) -> awaitable<void> {
      co_await sleep_for(1ms);
      seen += word;
    };
    auto temporary = for_each(std::list<std::string>{"a", "b"}, 1, note);
    co_await std::move(temporary);
    std::istringstream words("c d e");
    struct word_range {
      std::istream_iterator<std::string> first, last;
      auto begin() const { return first; }
      auto end() const { return last; }
    } range{std::istream_iterator<std::string>(words), {}};
    co_await for_each(range, 2, note);
    const std::vector<std::string> none;
    co_await for_each(none, 2, note);
    CHECK(seen == "abcde");
  });
}

TEST_CASE("for_each moves items that an iterator makes up, and leaves the others in place") {
  testing::run_virtual([]() -> awaitable<void> {
    std::vector<std::unique_ptr<int>> owners;
    owners.push_back(std::make_unique<int>(3));
    int sum = 0;
    co_await for_each(owners, 1, [&](const std::unique_ptr<int>& item) -> awaitable<void> {
      sum += *item;
      co_return;
    });
    CHECK(sum == 3);
    CHECK(owners[0] != nullptr);
  });
}

TEST_CASE("the first failure of for_each cancels the rest and is rethrown") {
  testing::run_virtual([]() -> awaitable<void> {
    int begun = 0;
    int cancelled = 0;
    std::string what;
    std::vector<int> items{0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
    try {
      co_await for_each(items, 4, [&](int item) -> awaitable<void> {
        ++begun;
        if (item == 2) {
          co_await sleep_for(1s);
          throw std::runtime_error("item 2");
        }
        try {
          co_await sleep_for(1h);
        } catch (const boost::system::system_error&) {
          ++cancelled;
          throw;
        }
      });
    } catch (const std::runtime_error& e) {
      what = e.what();
    }
    CHECK(what == "item 2");
    CHECK(begun == 4);
    CHECK(cancelled == 3);
  });
}

TEST_CASE("a limit of 0 is refused") {
  testing::run_virtual([]() -> awaitable<void> {
    bool refused = false;
    try {
      std::vector<int> items{1};
      co_await for_each(items, 0, [](int) -> awaitable<void> { co_return; });
    } catch (const invalid_argument&) {
      refused = true;
    }
    CHECK(refused);
  });
}

TEST_CASE("collect gives the outcome of each item in the order of the range") {
  testing::run_virtual([]() -> awaitable<void> {
    const std::vector<int> items{5, 4, 3, 2, 1};
    auto results = co_await collect(items, 3, [](int item) -> awaitable<std::string> {
      co_await sleep_for(std::chrono::seconds(item));
      if (item == 3) throw std::runtime_error("three");
      co_return std::to_string(item);
    });
    REQUIRE(results.size() == 5);
    CHECK(results[0].value() == "5");
    CHECK(results[4].value() == "1");
    CHECK(results[2].has_error());
    CHECK(describe(results[2].error()) == "three");
  });
}

TEST_CASE("for_each spreads over all contexts and keeps the limit over all of them") {
  runtime two(runtime_options{.contexts = 2});
  std::atomic<int> inside = 0;
  std::atomic<int> most = 0;
  std::atomic<int> strayed = 0;
  std::mutex mutex;
  std::set<std::thread::id> threads;
  std::multiset<int> seen;
  const auto patience = std::chrono::steady_clock::now() + 30s;  // for a thread that gets no turn, on a busy machine
  two.run([&]() -> awaitable<void> {
    std::vector<int> items(300);
    for (int i = 0; i < 300; ++i) items[i] = i;
    co_await for_each(items, 5, [&](int item) -> awaitable<void> {
      const int n = ++inside;
      for (int m = most; n > m && !most.compare_exchange_weak(m, n);) {
      }
      const auto executor = co_await asio::this_coro::executor;
      const auto before = std::this_thread::get_id();
      do {
        co_await sleep_for(100us);
      } while (most < 5 && std::chrono::steady_clock::now() < patience);
      if (std::this_thread::get_id() != before || !context::of(executor)) ++strayed;
      {
        const std::lock_guard lock(mutex);
        threads.insert(before);
        seen.insert(item);
      }
      --inside;
    });
  });
  CHECK(strayed == 0);
  CHECK(most == 5);
  CHECK(threads.size() == 2);
  CHECK(seen.size() == 300);
  CHECK(std::set<int>(seen.begin(), seen.end()).size() == 300);
}

TEST_CASE("a failure on one context cancels the items on the others") {
  const auto failing_item = GENERATE(0, 1);
  runtime two(runtime_options{.contexts = 2});
  std::atomic<int> begun = 0;
  std::atomic<int> cancelled = 0;
  const auto work = [&]() -> awaitable<void> {
    const std::vector<int> items{0, 1, 2, 3};
    co_await for_each(items, 4, [&](int item) -> awaitable<void> {
      ++begun;
      if (item == failing_item) {
        while (begun < 4) co_await sleep_for(100us);
        throw std::runtime_error("failed");
      }
      try {
        co_await sleep_for(1h);
      } catch (const boost::system::system_error&) {
        ++cancelled;
        throw;
      }
    });
  };
  CHECK_THROWS_WITH(two.run(work), "failed");
  CHECK(cancelled == 3);
}

TEST_CASE("collect over several contexts keeps the order") {
  runtime three(runtime_options{.contexts = 3});
  const auto sum = three.run([]() -> awaitable<long> {
    std::vector<int> items(1000);
    for (int i = 0; i < 1000; ++i) items[i] = i;
    auto results = co_await collect(items, 30, [](int item) -> awaitable<int> {
      if (item % 50 == 0) co_await sleep_for(50us);
      if (item % 100 == 7) throw std::runtime_error("bad");
      co_return item;
    });
    long total = 0;
    for (int i = 0; i < 1000; ++i) {
      if (i % 100 == 7) {
        CHECK(results[i].has_error());
      } else {
        CHECK(results[i].value() == i);
        total += results[i].value();
      }
    }
    co_return total;
  });
  CHECK(sum == 999L * 1000 / 2 - (7 * 10 + 4500));
}
