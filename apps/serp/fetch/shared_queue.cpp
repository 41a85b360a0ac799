#include "shared_queue.hpp"

#include <algorithm>
#include <braid/measure/format.hpp>
#include <braid/runtime/runtime.hpp>
#include <braid/runtime/sleep.hpp>
#include <cstdio>
#include <utility>

#include "plan.hpp"
#include "query_list.hpp"

namespace braid::fetch {
namespace {

constexpr std::size_t queries_at_a_time = 4096;
constexpr auto look_interval = std::chrono::milliseconds(500);
constexpr unsigned looks_a_line = 20;

void say(const std::string& text) { std::fputs(text.c_str(), stderr); }

awaitable<std::uint64_t> wait_for_all(scrape::redis_frontier& queue) {
  for (unsigned looks = 0;; ++looks) {
    auto pending = queue.counts();
    const auto counts = co_await std::move(pending);
    if (counts.open() == 0) co_return counts.dead;
    if (looks % looks_a_line == 0) say(measure::format_count(counts.open()) + " to do\n");
    co_await sleep_for(look_interval);
  }
}

}  // namespace

std::vector<scrape::redis_job> shared_jobs(std::span<const job> jobs) {
  std::vector<scrape::redis_job> all;
  all.reserve(jobs.size());
  for (const auto& what : jobs) all.emplace_back(what.engine, what.id, job_text(what));
  return all;
}

int queue_requests(const fetch_options& options, const engine_pages& engines) {
  runtime here;  // the connection lives on it
  scrape::redis_connection redis(scrape::redis_address::parse(options.redis));
  scrape::redis_frontier_options how;
  how.queue = options.queue;
  const std::chrono::duration<double> remember(options.remember_days * 86400);
  how.remember = std::max(std::chrono::ceil<std::chrono::seconds>(remember), std::chrono::seconds(1));
  scrape::redis_frontier queue(redis, how);
  std::size_t all = 0, fresh = 0;
  for (const auto& one : here.run([&] { return queue.concerns(); })) say(redis.name() + ": " + one + '\n');
  query_list queries(queries_at_a_time, [&](const std::vector<std::string>& some) {
    const auto jobs = shared_jobs(plan_jobs(options, some, engines));
    all += jobs.size();
    fresh += here.run([&] { return queue.add(jobs); });
  });
  for (const auto& query : options.queries) queries.add(query);
  if (!options.queries_file.empty()) queries.add_file(options.queries_file);
  queries.flush();
  say(measure::format_count(fresh) + " requests queued at " + redis.name());
  say(all == fresh ? "\n" : ", " + measure::format_count(all - fresh) + " known before\n");
  if (!options.wait) return 0;
  const auto dead = here.run([&] { return wait_for_all(queue); });
  if (dead == 0) return 0;
  say(measure::format_count(dead) + " dead: see braid-serp queue\n");
  return 1;
}

}  // namespace braid::fetch
