#include <algorithm>
#include <atomic>
#include <braid/core/error.hpp>
#include <braid/runtime/runtime.hpp>
#include <braid/runtime/sleep.hpp>
#include <braid/runtime/task_group.hpp>
#include <braid/scrape/pipeline.hpp>
#include <braid/testing/run_virtual.hpp>
#include <catch2/catch.hpp>
#include <mutex>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using namespace std::chrono_literals;
using namespace braid::scrape;
using braid::awaitable;
using braid::testing::run_virtual;

namespace {

/// A job is a number, its page the same, its record a line. What the stages did is noted under a lock, so that the same
/// world serves several contexts.
struct world {
  using steps_type = pipeline_steps<int, int, std::string>;
  using line_type = pipeline<int, int, std::string>;

  frontier_shared<int> jobs;
  pipeline_options options;
  braid::duration gather_time = 100ms;
  std::set<int> bad_to_gather, bad_to_parse;
  std::size_t save_fails_after = 1'000'000;
  braid::duration save_time{};

  std::mutex mutex;
  std::vector<std::string> saved;
  std::vector<std::size_t> batches;
  std::set<unsigned> contexts;
  std::atomic<int> gathering = 0, most_gathering = 0;
  std::atomic<int> between = 0, most_between = 0;  // gathered and not saved

  static void raise(std::atomic<int>& most, int value) {
    int seen = most.load();
    while (seen < value && !most.compare_exchange_weak(seen, value)) {
    }
  }

  awaitable<gather_result<int>> gather(const int& job) {
    raise(most_gathering, ++gathering);
    if (auto* here = braid::context::of(co_await braid::asio::this_coro::executor)) {
      const std::lock_guard lock(mutex);
      contexts.insert(here->index());
    }
    co_await braid::sleep_for(gather_time);
    --gathering;
    if (bad_to_gather.contains(job)) throw braid::connect_error("refused");
    if (job < 0) co_return std::nullopt;
    raise(most_between, ++between);
    co_return job;
  }

  void save(std::span<finished_item<int, std::string>> items) {
    if (save_time > 0s) std::this_thread::sleep_for(save_time);
    const std::lock_guard lock(mutex);
    if (saved.size() + items.size() > save_fails_after) throw braid::io_error("write r.jsonl: No space left on device");
    for (auto& item : items) saved.push_back(item.record);
    batches.push_back(items.size());
    between -= static_cast<int>(items.size());
  }

  steps_type steps() {
    steps_type steps;
    steps.gather = [this](const int& job) { return gather(job); };
    steps.parse = [this](const int& job, int page) {
      if (bad_to_parse.contains(job)) throw std::runtime_error("no result page");
      return "page " + std::to_string(page);
    };
    steps.give_up = [](const int& job, stage where, const std::exception_ptr& failure) {
      return "failed " + std::to_string(job) + " " + std::string(to_string(where)) + ": " + braid::describe(failure);
    };
    steps.save = [this](std::span<finished_item<int, std::string>> items) { save(items); };
    return steps;
  }

  void add(int from, int to) {
    for (int i = from; i < to; ++i) jobs.add(i, std::to_string(i));
  }

  std::vector<std::string> sorted() {
    std::sort(saved.begin(), saved.end());
    return saved;
  }
};

}  // namespace

TEST_CASE("every job becomes one record, whatever happened to it") {
  world w;
  w.options.concurrency = 4;
  w.bad_to_gather = {3};
  w.bad_to_parse = {5};
  w.add(0, 7);
  w.jobs.seal();
  world::line_type line(w.jobs, w.steps(), w.options);
  run_virtual([&]() -> awaitable<void> { co_await line.run(); });
  const std::vector<std::string> expected = {
      "failed 3 gather: refused", "failed 5 parse: no result page", "page 0", "page 1", "page 2", "page 4", "page 6"};
  CHECK(w.sorted() == expected);
  CHECK(line.report(stage::gather).counts.done == 7);
  CHECK(line.report(stage::gather).counts.failed == 1);
  CHECK(line.report(stage::parse).counts.done == 6);
  CHECK(line.report(stage::parse).counts.failed == 1);
  CHECK(line.report(stage::save).counts.done == 7);
  for (auto which : {stage::gather, stage::parse, stage::save}) {
    CHECK(line.counts(which).in_flight == 0);
    CHECK(line.counts(which).waiting == 0);
  }
}

TEST_CASE("as many are gathered at once as the limit says, and time shows it") {
  world w;
  w.options.concurrency = 10;
  w.add(0, 100);
  w.jobs.seal();
  world::line_type line(w.jobs, w.steps(), w.options);
  const auto time = run_virtual([&]() -> awaitable<braid::duration> {
    const auto begin = co_await braid::now();
    co_await line.run();
    co_return co_await braid::now() - begin;
  });
  CHECK(w.most_gathering == 10);
  CHECK(time == 1s);
  CHECK(line.report(stage::gather).time.duration_at(50) >= 99ms);
  CHECK(line.report(stage::gather).time.duration_at(50) <= 101ms);
}

TEST_CASE("a slow writer holds the work back: queues do not grow") {
  world w;
  w.options.concurrency = 8;
  w.options.parse_queue = 2;
  w.options.save_queue = 3;
  w.options.batch = 2;
  w.gather_time = 0s;
  w.save_time = 1ms;
  w.add(0, 300);
  w.jobs.seal();
  world::line_type line(w.jobs, w.steps(), w.options);
  run_virtual([&]() -> awaitable<void> { co_await line.run(); });
  CHECK(w.saved.size() == 300);
  // Those in the queues, and one in the hands of each gatherer, the parser and the writer's batch.
  CHECK(w.most_between <= 8 + 2 + 1 + 3 + 2);
  CHECK(*std::max_element(w.batches.begin(), w.batches.end()) == 2);
}

TEST_CASE("a failing sink ends the run with its error, and its jobs stay unfinished") {
  world w;
  w.options.concurrency = 4;
  w.save_fails_after = 5;
  w.add(0, 100);
  w.jobs.seal();
  world::line_type line(w.jobs, w.steps(), w.options);
  const auto run = [&] { run_virtual([&]() -> awaitable<void> { co_await line.run(); }); };
  CHECK_THROWS_WITH(run(), Catch::Contains("No space left on device"));
  CHECK(w.saved.size() <= 5);
  CHECK(line.counts(stage::save).done == w.saved.size());
}

TEST_CASE("a stopped frontier finishes what is in flight and saves it") {
  world w;
  w.options.concurrency = 4;
  w.add(0, 100);
  w.jobs.seal();
  world::line_type line(w.jobs, w.steps(), w.options);
  run_virtual([&]() -> awaitable<void> {
    co_await braid::with_task_group([&](braid::task_group& group) -> awaitable<void> {
      group.spawn(line.run());
      co_await braid::sleep_for(250ms);
      w.jobs.stop();
    });
  });
  CHECK(w.saved.size() == 12);
  CHECK(w.jobs.waiting() == 88);
}

TEST_CASE("cancellation ends gathering at once and saves what has been parsed") {
  world w;
  w.options.concurrency = 4;
  w.add(0, 100);
  w.jobs.seal();
  world::line_type line(w.jobs, w.steps(), w.options);
  const auto time = run_virtual([&]() -> awaitable<braid::duration> {
    const auto begin = co_await braid::now();
    co_await braid::with_task_group([&](braid::task_group& group) -> awaitable<void> {
      group.spawn(line.run());
      co_await braid::sleep_for(250ms);
      group.cancel();
    });
    co_return co_await braid::now() - begin;
  });
  CHECK(time == 250ms);
  CHECK(w.saved.size() == 8);
}

TEST_CASE("a job given back gets no record") {
  world w;
  w.add(-3, 3);
  w.jobs.stop();
  world::line_type stopped(w.jobs, w.steps(), w.options);
  run_virtual([&]() -> awaitable<void> { co_await stopped.run(); });
  CHECK(w.saved.empty());
}

TEST_CASE("a frontier takes each key once and ends when everything taken is finished") {
  run_virtual([]() -> awaitable<void> {
    frontier_shared<int> jobs;
    CHECK(jobs.add(1, "one"));
    CHECK_FALSE(jobs.add(1, "one"));
    jobs.seal();
    const auto first = co_await jobs.next();
    REQUIRE(first);
    CHECK(first->job == 1);
    jobs.gathered(first->from);
    CHECK(jobs.add(2, "two"));  // what the first led to
    jobs.finished();
    const auto second = co_await jobs.next();
    REQUIRE(second);
    CHECK(second->job == 2);
    jobs.gathered(second->from);
    jobs.finished();
    const auto end = co_await jobs.next();
    CHECK_FALSE(end);
  });
}

TEST_CASE("two contexts give the same records as one, and both work") {
  std::vector<std::string> one;
  for (const unsigned contexts : {1U, 2U}) {
    world w;
    w.options.concurrency = 8;
    w.options.contexts = contexts;
    w.gather_time = 1ms;
    w.bad_to_gather = {3, 33};
    w.bad_to_parse = {5, 55};
    w.add(0, 400);
    w.jobs.seal();
    world::line_type line(w.jobs, w.steps(), w.options);
    braid::runtime_options options;
    options.contexts = contexts;
    braid::runtime runtime(options);
    runtime.run([&]() -> awaitable<void> { co_await line.run(); });
    CHECK(w.saved.size() == 400);
    CHECK(w.contexts.size() == contexts);
    CHECK(line.report(stage::gather).counts.done == 400);
    if (contexts == 1) one = w.sorted();
    if (contexts == 2) CHECK(w.sorted() == one);
  }
}

TEST_CASE("a failing sink ends a run on two contexts") {
  world w;
  w.options.concurrency = 8;
  w.options.contexts = 2;
  w.gather_time = 1ms;
  w.save_fails_after = 20;
  w.add(0, 400);
  w.jobs.seal();
  world::line_type line(w.jobs, w.steps(), w.options);
  braid::runtime_options options;
  options.contexts = 2;
  braid::runtime runtime(options);
  const auto run = [&] { runtime.run([&]() -> awaitable<void> { co_await line.run(); }); };
  CHECK_THROWS_AS(run(), braid::io_error);
}
