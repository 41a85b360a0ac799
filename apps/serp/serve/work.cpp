// The work as a whole, and a task's way through its stages; work_intake.cpp and work_ends.cpp have both ends of it.
#include "work.hpp"

#include <utility>

#include "../fetch/packed_page.hpp"
#include "task_json.hpp"

namespace braid::serve {

work_shared::work_shared(const fetch::fetch_options& options, const cluster_options& cluster,
                         const fetch::engine_pages& engines, scrape::task_store_shared& store, event_hub_shared& events,
                         const limits& bounds, cluster_line_shared::note tell)
    : options_(options),
      engines_(engines),
      store_(store),
      events_(events),
      limits_(bounds),
      fetcher_(options, engines, jobs_),
      line_(jobs_, steps(), [&options] {
        scrape::pipeline_options of_line;
        of_line.concurrency = options.concurrency;
        of_line.contexts = options.contexts;
        return of_line;
      }()) {
  if (!cluster.redis.empty()) {
    cluster_ = std::make_unique<cluster_line_shared>(
        cluster, [this](auto& results) { end(results); }, std::move(tell));
  }
  for (const auto& engine : engines.engines()) {
    auto& own = windows_[engine];
    own.lane = fetcher_.lane_of(engine);
    own.behind = true;  // of an earlier life
    refill(engine, own);
  }
}

work_shared::pipeline_type::steps_type work_shared::steps() {
  pipeline_type::steps_type steps;
  steps.gather = [this](fetch::job& what) { return gather(what); };
  steps.parse = [this](const fetch::job& what, fetch::fetched_page page) { return parse(what, std::move(page)); };
  steps.give_up = [](const fetch::job& what, scrape::stage, const std::exception_ptr& failure) {
    return fetch::failed_record(what, failure, fetch::format::jsonl);
  };
  steps.save = [this](std::span<pipeline_type::item> items) { save(items); };
  return steps;
}

awaitable<scrape::gather_result<fetch::fetched_page>> work_shared::gather(fetch::job& what) {
  const auto number = static_cast<std::int64_t>(what.ticket);
  std::string owner, text;
  {
    const std::lock_guard lock(mutex_);
    const auto found = live_.find(number);
    if (found == live_.end() || found->second.removed) {
      if (found != live_.end()) leave(number, what.engine);
      co_return std::nullopt;
    }
    if (!std::exchange(found->second.running, true)) {
      owner = found->second.end.row.owner;
      text = task_json(found->second.end.row, true);
    }
  }
  if (!text.empty()) events_.tell(owner, what.id, "task", text);
  co_return co_await fetcher_.gather(what);
}

fetch::record work_shared::parse(const fetch::job& what, fetch::fetched_page page) {
  const auto number = static_cast<std::int64_t>(what.ticket);
  if (keeps_page(number)) {
    auto packed = fetch::pack_page(page.response.body());
    const std::lock_guard lock(mutex_);
    if (const auto found = live_.find(number); found != live_.end()) found->second.page = std::move(packed);
  }
  const auto facts = page.facts;
  auto made = fetch::parse_page(engines_, what, std::move(page), fetch::format::jsonl);
  fetcher_.parsed(what, facts, made);
  return made;
}

bool work_shared::keeps_page(std::int64_t number) const {
  const std::lock_guard lock(mutex_);
  const auto found = live_.find(number);
  return found != live_.end() && found->second.keeps_page;
}

bool work_shared::is_running(std::int64_t number) const {
  const std::lock_guard lock(mutex_);
  const auto found = live_.find(number);
  return found != live_.end() && found->second.running;
}

void work_shared::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    for (auto& [number, one] : live_) {
      if (one.over && !one.running) one.over->close();
    }
  }
  jobs_.stop();
  if (cluster_) cluster_->stop();
}

scrape::stage_counts work_shared::counts(scrape::stage which) const {
  if (!cluster_) return line_.counts(which);
  scrape::stage_counts out;
  if (which == scrape::stage::gather) out.waiting = cluster_->outstanding();
  if (which == scrape::stage::save) out.done = cluster_->found();
  return out;
}

}  // namespace braid::serve
