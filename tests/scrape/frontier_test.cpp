#include <atomic>
#include <braid/runtime/runtime.hpp>
#include <braid/runtime/sleep.hpp>
#include <braid/runtime/task_group.hpp>
#include <braid/scrape/pipeline.hpp>
#include <braid/testing/run_virtual.hpp>
#include <catch2/catch.hpp>
#include <map>
#include <string>
#include <vector>

using namespace std::chrono_literals;
using namespace braid::scrape;
using braid::awaitable;
using braid::duration;
using braid::time_point;
using braid::testing::run_virtual;

namespace {

/// A job is its lane and a number. Each lane's target takes its own time.
struct job {
  job() = default;
  job(std::size_t where, int which) : lane(where), number(which) {}
  std::size_t lane = 0;
  int number = 0;
  int attempts = 0;
};

struct crawl {
  using line_type = pipeline<job, int, int>;

  frontier_shared<job> jobs;
  pipeline_options options;
  std::vector<duration> takes;                      // of each lane
  std::vector<std::vector<duration>> starts, ends;  // of each lane's jobs, from the beginning
  int retries = 0;
  duration retry_wait = 10s;
  time_point begin;

  void add(std::size_t count, duration time, duration interval = 0s) {
    const auto lane = jobs.add_lane(interval);
    takes.push_back(time);
    starts.emplace_back();
    ends.emplace_back();
    for (std::size_t i = 0; i < count; ++i) {
      jobs.add(job(lane, static_cast<int>(i)), std::to_string(lane) + '/' + std::to_string(i), lane);
    }
  }

  awaitable<gather_result<int>> gather(job& what) {
    starts[what.lane].push_back(co_await braid::now() - begin);
    co_await braid::sleep_for(takes[what.lane]);
    const auto now = co_await braid::now();
    if (what.attempts++ < retries) co_return gather_result<int>::later(now + retry_wait);
    ends[what.lane].push_back(now - begin);
    co_return what.number;
  }

  line_type::steps_type steps() {
    line_type::steps_type steps;
    steps.gather = [this](job& what) { return gather(what); };
    steps.parse = [](const job&, int page) { return page; };
    steps.give_up = [](const job&, stage, const std::exception_ptr&) { return -1; };
    steps.save = [](std::span<finished_item<job, int>>) {};
    return steps;
  }

  /// How long it took.
  duration run() {
    jobs.seal();
    line_type line(jobs, steps(), options);
    return run_virtual([&]() -> awaitable<duration> {
      begin = co_await braid::now();
      co_await line.run();
      co_return co_await braid::now() - begin;
    });
  }
};

}  // namespace

TEST_CASE("one target that does not answer among twenty leaves the others what they had") {
  const auto others_end = [](duration first_takes) {
    crawl all;
    all.options.concurrency = 40;
    all.add(100, first_takes);
    for (int i = 1; i < 20; ++i) all.add(100, 100ms);
    all.run();
    duration last{};
    for (std::size_t i = 1; i < 20; ++i) last = std::max(last, all.ends[i].back());
    return last;
  };
  const auto healthy = others_end(100ms), stalled = others_end(10min);
  CAPTURE(healthy.count(), stalled.count());
  CHECK(healthy == 5s);
  CHECK(stalled * 95 <= healthy * 100);
}

TEST_CASE("a target that does not answer cannot have the slots of those that wait for their turn") {
  crawl all;
  all.options.concurrency = 20;
  all.add(1000, 10min);
  for (int i = 1; i < 10; ++i) all.add(30, 100ms, 1s);
  all.run();
  for (std::size_t i = 1; i < 10; ++i) CHECK(all.ends[i].back() == 29s + 100ms);
}

TEST_CASE("each lane keeps its pace and none the others from theirs") {
  crawl all;
  all.options.concurrency = 4;
  all.add(5, 10ms, 1s);
  all.add(5, 10ms, 2s);
  all.add(300, 10ms);
  CHECK(all.run() == 8s + 10ms);
  CHECK(all.starts[0] == std::vector<duration>{0s, 1s, 2s, 3s, 4s});
  CHECK(all.starts[1] == std::vector<duration>{0s, 2s, 4s, 6s, 8s});
  CHECK(all.ends[2].back() < 2s);
}

TEST_CASE("a job that is put back comes again at its time and holds no slot meanwhile") {
  crawl all;
  all.options.concurrency = 1;
  all.retries = 2;
  all.add(3, 1s);
  CHECK(all.run() == 25s);
  CHECK(all.starts[0] == std::vector<duration>{0s, 1s, 2s, 11s, 12s, 13s, 22s, 23s, 24s});
}

TEST_CASE("a job that is known to be new needs no key") {
  crawl all;
  all.add(1, 1s);
  all.jobs.add(job(0, 7), 0);
  all.jobs.add(job(0, 7), 0);
  all.run();
  CHECK(all.ends[0].size() == 3);
}

TEST_CASE("a lane that is held starts nothing until then") {
  crawl all;
  all.options.concurrency = 2;
  all.add(2, 1s);
  all.add(2, 1s);
  const auto holding = [&]() -> awaitable<void> {
    all.begin = co_await braid::now();
    all.jobs.hold(0, all.begin + 1h);
    all.jobs.seal();
    crawl::line_type line(all.jobs, all.steps(), all.options);
    co_await line.run();
  };
  run_virtual(holding);
  CHECK(all.starts[1] == std::vector<duration>{0s, 0s});
  CHECK(all.starts[0] == std::vector<duration>{1h, 1h});
}

TEST_CASE("a lane that is abandoned leaves its jobs undone and the run ends") {
  crawl all;
  all.options.concurrency = 4;
  all.retries = 1;
  all.retry_wait = 1h;
  all.add(100, 1s);
  all.add(4, 1s);
  run_virtual([&]() -> awaitable<void> {
    all.begin = co_await braid::now();
    all.jobs.seal();
    crawl::line_type line(all.jobs, all.steps(), all.options);
    co_await braid::with_task_group([&](braid::task_group& group) -> awaitable<void> {
      group.spawn(line.run());
      co_await braid::sleep_for(30min);
      all.jobs.abandon(0);
    });
    CHECK(line.counts(stage::save).done + all.jobs.abandoned() == 104);
  });
  CHECK(all.ends[1].size() == 4);
  CHECK(all.jobs.waiting() == 0);
  CHECK(all.jobs.abandoned() == 100);
}

TEST_CASE("a stopped frontier ends those who wait for a moment") {
  crawl all;
  all.add(5, 1s, 1h);
  const auto time = run_virtual([&]() -> awaitable<duration> {
    all.begin = co_await braid::now();
    all.jobs.seal();
    crawl::line_type line(all.jobs, all.steps(), all.options);
    co_await braid::with_task_group([&](braid::task_group& group) -> awaitable<void> {
      group.spawn(line.run());
      co_await braid::sleep_for(90min);
      all.jobs.stop();
    });
    co_return co_await braid::now() - all.begin;
  });
  CHECK(time == 90min);
  CHECK(all.jobs.waiting() == 3);
}

TEST_CASE("contexts share lanes and their limits") {
  frontier_shared<job> jobs;
  const auto lane = jobs.add_lane();
  jobs.set_limit(lane, 3);
  for (int i = 0; i < 500; ++i) jobs.add(job(lane, i), std::to_string(i), lane);
  jobs.seal();
  std::atomic<int> under_way = 0, most = 0, done = 0;
  crawl::line_type::steps_type steps;
  steps.gather = [&](job& what) -> awaitable<gather_result<int>> {
    const int now = ++under_way;
    int seen = most;
    while (seen < now && !most.compare_exchange_weak(seen, now)) {
    }
    co_await braid::yield();
    --under_way;
    co_return what.number;
  };
  steps.parse = [](const job&, int page) { return page; };
  steps.give_up = [](const job&, stage, const std::exception_ptr&) { return -1; };
  steps.save = [&](std::span<finished_item<job, int>> items) { done += static_cast<int>(items.size()); };
  pipeline_options options;
  options.contexts = 2;
  options.concurrency = 16;
  crawl::line_type line(jobs, steps, options);
  braid::runtime_options shape;
  shape.contexts = 2;
  braid::runtime runtime(shape);
  runtime.run([&] { return line.run(); });
  CHECK(done == 500);
  CHECK(most <= 3);
}

TEST_CASE("a job that is added first goes before those that stand in its lane") {
  frontier_shared<int> jobs;
  const auto other = jobs.add_lane();
  const auto lane = jobs.add_lane();
  jobs.add(1, lane);
  jobs.add_first(2, lane);
  jobs.add_first(3, lane);
  jobs.add(4, other);
  jobs.seal();
  std::vector<int> of_lane;
  run_virtual([&]() -> awaitable<void> {
    while (auto next = co_await jobs.next()) {
      if (next->from == lane) of_lane.push_back(next->job);
      jobs.gathered(next->from);
      jobs.finished();
    }
  });
  CHECK((of_lane == std::vector<int>{3, 2, 1}));
}
