#include <bench/run/tally.hpp>
#include <bench/run/tickets.hpp>

#include <catch2/catch.hpp>

#include <thread>

using namespace braid::bench;
using namespace std::chrono_literals;

TEST_CASE("each ticket is taken once, whoever takes it") {
  const std::atomic<bool> interrupted{false};
  tickets work(1000, std::nullopt, interrupted);
  std::atomic<std::uint64_t> sum{0};
  std::atomic<std::uint64_t> count{0};
  const auto take_all = [&] {
    while (const auto number = work.take()) {
      sum += *number;
      ++count;
    }
  };
  std::thread other(take_all);
  take_all();
  other.join();
  CHECK(count == 1000);
  CHECK(sum == 999 * 1000 / 2);
}

TEST_CASE("no ticket is given after an interrupt or the end of the time") {
  std::atomic<bool> interrupted{false};
  tickets work(10, std::nullopt, interrupted);
  CHECK(work.take() == 0);
  interrupted = true;
  CHECK_FALSE(work.take().has_value());

  interrupted = false;
  tickets over(std::nullopt, braid::clock::now() - 1s, interrupted);
  CHECK_FALSE(over.take().has_value());
  tickets running(std::nullopt, braid::clock::now() + 1h, interrupted);
  CHECK(running.take().has_value());
}

TEST_CASE("each thread counts in a tally of its own and the sum holds them all") {
  tallies_shared all;
  auto* here = &all.of_this_thread();
  CHECK(&all.of_this_thread() == here);
  here->latency.record(1ms);
  here->count_done();
  std::thread([&] {
    auto& there = all.of_this_thread();
    CHECK(&there != here);
    there.latency.record(3ms);
    there.failed("timeout", "first");
    there.failed("timeout", "second");
    there.count_done();
  }).join();
  CHECK(all.done() == 2);

  tally total;
  all.sum_into(total);
  CHECK(total.done == 2);
  CHECK(total.latency.count() == 2);
  CHECK(total.failed_requests() == 2);
  CHECK(total.examples["timeout"] == "first");
}

TEST_CASE("a later run does not find the tally of an earlier one") {
  {
    tallies_shared first;
    first.of_this_thread().bytes = 7;
  }
  tallies_shared second;
  CHECK(second.of_this_thread().bytes == 0);
}
