#include <braid/core/error.hpp>
#include <braid/measure/schedule.hpp>
#include <braid/measure/thread_time.hpp>

#include <algorithm>

#include <catch2/catch.hpp>

using namespace braid::measure;
using namespace std::chrono_literals;

TEST_CASE("an open loop's starts lie 1/rate apart and no rounding adds up") {
  CHECK(intended_start(0, 1000) == 0ns);
  CHECK(intended_start(1, 1000) == 1ms);
  CHECK(intended_start(250, 1000) == 250ms);
  CHECK(intended_start(1, 3) == 333'333'333ns);
  CHECK(intended_start(3'000'000, 3) == 1'000'000s);
  CHECK(intended_start(1, 0.5) == 2s);
}

TEST_CASE("a start too far away for the clock is never") {
  CHECK(intended_start(~std::uint64_t{0}, 1e-9) == std::chrono::nanoseconds::max());
}

TEST_CASE("the starts before a moment are those whose own moment is earlier") {
  CHECK(starts_before(0s, 1000) == 0);
  CHECK(starts_before(-1s, 1000) == 0);
  CHECK(starts_before(1ns, 1000) == 1);
  CHECK(starts_before(1s, 1000) == 1000);
  CHECK(starts_before(1s + 1ns, 1000) == 1001);
  for (const double rate : {0.3, 7.0, 333.0, 48'611.7}) {
    for (const auto elapsed : std::vector<std::chrono::nanoseconds>{1ms, 999ms, 3s, 3s + 1ns, 61s}) {
      const auto count = starts_before(elapsed, rate);
      CAPTURE(rate, elapsed.count(), count);
      CHECK((count == 0 || intended_start(count - 1, rate) < elapsed));
      CHECK(intended_start(count, rate) >= elapsed);
    }
  }
}

TEST_CASE("a weighted cycle gives each its share, spread evenly") {
  const std::vector<std::uint64_t> two_to_one{2, 1};
  CHECK(weighted_cycle(two_to_one) == std::vector<std::size_t>{0, 1, 0});
  const std::vector<std::uint64_t> alone{5};
  CHECK(weighted_cycle(alone) == std::vector<std::size_t>{0, 0, 0, 0, 0});
  const std::vector<std::uint64_t> mix{70, 20, 10};
  const auto cycle = weighted_cycle(mix);
  REQUIRE(cycle.size() == 100);
  CHECK(std::count(cycle.begin(), cycle.end(), 0U) == 70);
  CHECK(std::count(cycle.begin(), cycle.end(), 1U) == 20);
  CHECK(std::count(cycle.begin(), cycle.end(), 2U) == 10);
  // Evenly: in each tenth of the cycle one of the rarest.
  for (std::ptrdiff_t tenth = 0; tenth < 10; ++tenth) {
    CHECK(std::count(cycle.begin() + tenth * 10, cycle.begin() + tenth * 10 + 10, 2U) == 1);
  }
}

TEST_CASE("weights that make no cycle are refused") {
  const std::vector<std::uint64_t> none;
  const std::vector<std::uint64_t> zero{1, 0};
  const std::vector<std::uint64_t> huge{1'000'000, 1};
  const std::vector<std::uint64_t> over{~std::uint64_t{0}, 2};
  CHECK_THROWS_AS(weighted_cycle(none), braid::invalid_argument);
  CHECK_THROWS_AS(weighted_cycle(zero), braid::invalid_argument);
  CHECK_THROWS_AS(weighted_cycle(huge), braid::invalid_argument);
  CHECK_THROWS_AS(weighted_cycle(over), braid::invalid_argument);
}

TEST_CASE("the wait for a core stands second in schedstat") {
  CHECK(parse_schedstat("123 62441 1") == 62441ns);
  CHECK_FALSE(parse_schedstat(""));
  CHECK_FALSE(parse_schedstat("123"));
  CHECK_FALSE(parse_schedstat("123 x 1"));
  CHECK_FALSE(parse_schedstat("123 -5 1"));
}

TEST_CASE("a thread that works has had its core") {
  const auto before = thread_time_of_self();
  volatile double sum = 0;
  while ((thread_time_of_self() - before).on_core < 1ms) {
    sum = sum + 1;
  }
  CHECK((thread_time_of_self() - before).kept_waiting >= 0ns);
}
