#include <braid/runtime/runtime.hpp>
#include <braid/runtime/sleep.hpp>
#include <braid/scrape/redis_frontier.hpp>
#include <catch2/catch.hpp>
#include <iostream>
#include <set>

#include "redis_server.hpp"

using namespace braid;
using namespace braid::scrape;
using namespace std::chrono_literals;
using strings = std::vector<std::string>;

namespace {

bool skipped() {
  if (redis_server::installed()) return false;
  std::cout << "[skipped] no Redis server; install the package redis-server\n";
  return true;
}

template <class F>
void run(F body) {
  runtime one;
  one.run(std::move(body));
}

/// A worker with a connection of its own.
struct worker {
  worker(const redis_server& server, std::string name, std::chrono::milliseconds lease = 60s, unsigned deliveries = 5)
      : redis(redis_address::parse(server.address())), jobs(redis, options(std::move(name), lease, deliveries)) {}

  static redis_frontier_options options(std::string name, std::chrono::milliseconds lease, unsigned deliveries) {
    redis_frontier_options all;
    all.consumer = std::move(name);
    all.lease = lease;
    all.most_deliveries = deliveries;
    return all;
  }

  redis_connection redis;
  redis_frontier jobs;
};

using rates = std::map<std::string, double>;

const rates free_lane = {{"a", 0}};

std::vector<redis_job> numbered(int count, const std::string& lane = "a") {
  std::vector<redis_job> jobs;
  for (int i = 0; i < count; ++i) {
    const auto text = lane + std::to_string(i);
    jobs.emplace_back(lane, text, "text of " + text);
  }
  return jobs;
}

std::multiset<std::string> texts(const redis_batch& batch) {
  std::multiset<std::string> all;
  for (const auto& one : batch.jobs) all.insert(one.text);
  return all;
}

}  // namespace

TEST_CASE("a job is added once to a Redis frontier, taken by one worker, and gone when it is finished") {
  if (skipped()) return;
  const redis_server server;
  run([&]() -> awaitable<void> {
    worker one(server, "one"), two(server, "two");
    auto jobs = numbered(2500);
    auto fresh = co_await one.jobs.add(jobs);
    CHECK(fresh == 2500);
    fresh = co_await two.jobs.add(jobs);
    CHECK(fresh == 0);
    auto first = co_await one.jobs.take(3, free_lane);
    auto second = co_await two.jobs.take(3, free_lane);
    CHECK(texts(first) == std::multiset<std::string>{"text of a0", "text of a1", "text of a2"});
    CHECK(texts(second) == std::multiset<std::string>{"text of a3", "text of a4", "text of a5"});
    auto counts = co_await one.jobs.counts();
    REQUIRE(counts.lanes.size() == 1);
    CHECK(counts.lanes[0].lag == 2494);
    CHECK(counts.lanes[0].pending == 6);
    CHECK(counts.lanes[0].consumers == 2);
    auto ended = co_await one.jobs.finish(first.jobs);
    CHECK(ended == 3);
    ended = co_await one.jobs.finish(first.jobs);
    CHECK(ended == 0);
    co_await two.jobs.give_back(second.jobs[0], 0ms, true);
    co_await one.jobs.leave();
    counts = co_await one.jobs.counts();
    CHECK(counts.lanes[0].done == 3);
    CHECK(counts.lanes[0].consumers == 1);
    CHECK(counts.open() == 2497);
    // Lanes that are not asked for are not touched.
    const rates other = {{"b", 0}};
    const auto none = co_await one.jobs.take(3, other);
    CHECK(none.jobs.empty());
  });
}

TEST_CASE("what a dead worker held is taken over, what a living one renews is not") {
  if (skipped()) return;
  const redis_server server;
  run([&]() -> awaitable<void> {
    worker living(server, "living", 300ms), other(server, "other", 300ms);
    const auto jobs = numbered(4);
    co_await other.jobs.add(jobs);
    redis_batch held, dropped;
    {
      worker dying(server, "dying", 300ms);
      dropped = co_await dying.jobs.take(2, free_lane);
      held = co_await living.jobs.take(2, free_lane);
    }
    REQUIRE(dropped.jobs.size() == 2);
    REQUIRE(held.jobs.size() == 2);
    redis_batch over;
    for (int i = 0; i < 100 && over.jobs.size() < 2; ++i) {
      co_await sleep_for(20ms);
      const auto lost = co_await living.jobs.renew(held.jobs);
      CHECK(lost.empty());
      auto more = co_await other.jobs.take(5, free_lane);
      for (auto& job : more.jobs) over.jobs.push_back(std::move(job));
    }
    CHECK(texts(over) == texts(dropped));
    // Who was taken for dead finds out, and gives nothing back that is another's.
    worker back(server, "dying", 300ms);
    const auto lost = co_await back.jobs.renew(dropped.jobs);
    CHECK(lost.size() == 2);
    co_await back.jobs.give_back(dropped.jobs[0], 0ms, true);
    auto counts = co_await back.jobs.counts();
    CHECK(counts.lanes[0].pending == 4);
    // Its record is safe all the same: done is done.
    auto ended = co_await back.jobs.finish(dropped.jobs);
    CHECK(ended == 2);
    ended = co_await other.jobs.finish(over.jobs);
    CHECK(ended == 0);
    ended = co_await living.jobs.finish(held.jobs);
    CHECK(ended == 2);
    counts = co_await back.jobs.counts();
    CHECK(counts.open() == 0);
  });
}

TEST_CASE("a job that comes back too often is dead until it is queued again") {
  if (skipped()) return;
  const redis_server server;
  run([&]() -> awaitable<void> {
    worker all(server, "all", 20ms, 2);
    const auto jobs = numbered(1);
    co_await all.jobs.add(jobs);
    int deliveries = 0;
    redis_counts counts;
    for (int i = 0; i < 200 && counts.dead == 0; ++i) {
      const auto batch = co_await all.jobs.take(1, free_lane);
      deliveries += static_cast<int>(batch.jobs.size());
      co_await sleep_for(25ms);
      counts = co_await all.jobs.counts();
    }
    CHECK(deliveries == 2);
    CHECK(counts.dead == 1);
    CHECK(counts.open() == 0);
    const auto again = co_await all.jobs.requeue(100);
    CHECK(again == 1);
    const auto batch = co_await all.jobs.take(1, free_lane);
    CHECK(texts(batch) == std::multiset<std::string>{"text of a0"});
    counts = co_await all.jobs.counts();
    CHECK(counts.dead == 0);
  });
}

TEST_CASE("work that is not ready waits on the server, under nobody's lease") {
  if (skipped()) return;
  const redis_server server;
  run([&]() -> awaitable<void> {
    worker one(server, "one");
    std::vector<redis_job> jobs = numbered(1);
    jobs.emplace_back("a", "later", "text of later", 150ms);
    co_await one.jobs.add(jobs);
    auto batch = co_await one.jobs.take(5, free_lane);
    REQUIRE(batch.jobs.size() == 1);
    CHECK(batch.wait > 0ms);
    CHECK(batch.wait <= 150ms);
    co_await one.jobs.give_back(batch.jobs[0], 100ms, true);
    auto counts = co_await one.jobs.counts();
    CHECK(counts.lanes[0].pending == 0);
    CHECK(counts.lanes[0].delayed == 2);
    std::vector<redis_taken> due;
    const auto begin = co_await now();
    while (due.size() < 2) {
      batch = co_await one.jobs.take(5, free_lane);
      for (auto& job : batch.jobs) due.push_back(std::move(job));
      co_await sleep_for(std::clamp<std::chrono::milliseconds>(batch.wait, 1ms, 20ms));
    }
    const auto time = co_await now() - begin;
    CHECK(time >= 90ms);
    CHECK(due[0].text == "text of a0");
    CHECK(due[0].attempts == 1);
    CHECK(due[1].text == "text of later");
  });
}

TEST_CASE("a lane's rate holds for all workers together, and a suspension too") {
  if (skipped()) return;
  const redis_server server;
  run([&]() -> awaitable<void> {
    worker one(server, "one"), two(server, "two");
    const auto jobs = numbered(500), others = numbered(3, "b");
    co_await one.jobs.add(jobs);
    co_await one.jobs.add(others);
    const rates limits = {{"a", 100}, {"b", 0}};
    const auto begin = co_await now();
    std::size_t taken = 0, unlimited = 0;
    duration time{};
    while (time < 500ms) {
      for (auto* who : {&one, &two}) {
        const auto batch = co_await who->jobs.take(50, limits);
        for (const auto& job : batch.jobs) ++(job.lane == "a" ? taken : unlimited);
      }
      co_await sleep_for(1ms);
      time = co_await now() - begin;
    }
    const auto allowed = std::chrono::duration<double>(time).count() * 100 + 2;
    CHECK(static_cast<double>(taken) <= allowed + 1);
    CHECK(taken >= 40);
    CHECK(unlimited == 3);

    co_await one.jobs.suspend("a", 10s);
    co_await two.jobs.suspend("a", 1s);
    co_await sleep_for(30ms);
    const auto batch = co_await two.jobs.take(50, limits);
    CHECK(batch.jobs.empty());
    CHECK(batch.wait > 9s);
    const auto counts = co_await two.jobs.counts();
    CHECK(counts.lanes[0].suspended > 9s);
  });
}

TEST_CASE("the frontier goes on after the Redis server was killed and started again") {
  if (skipped()) return;
  redis_server server;
  run([&]() -> awaitable<void> {
    worker one(server, "one");
    const auto jobs = numbered(10);
    co_await one.jobs.add(jobs);
    const auto held = co_await one.jobs.take(4, free_lane);
    server.restart();
    auto counts = co_await one.jobs.counts();
    CHECK(counts.lanes[0].pending == 4);
    CHECK(counts.lanes[0].lag == 6);
    const auto ended = co_await one.jobs.finish(held.jobs);
    CHECK(ended == 4);
    const auto fresh = co_await one.jobs.add(jobs);
    CHECK(fresh == 0);
  });
}

TEST_CASE("a server whose settings endanger the queue is told of") {
  if (skipped()) return;
  const redis_server server;
  run([&]() -> awaitable<void> {
    worker one(server, "one");
    auto concerns = co_await one.jobs.concerns();
    CHECK(concerns.empty());
    for (const auto& [name, value] :
         std::map<std::string, std::string>{{"maxmemory-policy", "allkeys-lru"}, {"appendonly", "no"}}) {
      strings words{"CONFIG", "SET", name, value};
      auto pending = one.redis.command(words);
      co_await std::move(pending);
    }
    concerns = co_await one.jobs.concerns();
    REQUIRE(concerns.size() == 2);
    CHECK_THAT(concerns[0], Catch::Contains("allkeys-lru") && Catch::Contains("noeviction"));
    CHECK_THAT(concerns[1], Catch::Contains("appendonly"));
    // One that does not tell.
    strings words{"ACL", "SETUSER", "default", "-config"};
    auto pending = one.redis.command(words);
    co_await std::move(pending);
    concerns = co_await one.jobs.concerns();
    CHECK(concerns.empty());
  });
}
