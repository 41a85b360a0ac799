// How tasks leave: saved, waited for, removed.
#include <braid/core/error.hpp>
#include <braid/runtime/timeout.hpp>

#include "task_json.hpp"
#include "wall_milliseconds.hpp"
#include "work.hpp"

namespace braid::serve {

void work_shared::save(std::span<pipeline_type::item> items) {
  const auto time = std::chrono::system_clock::now();
  std::vector<scrape::task_result> results;
  results.reserve(items.size());
  for (auto& one : items) {
    auto& result = results.emplace_back();
    result.number = static_cast<std::int64_t>(one.job.ticket);
    const bool good = one.record.what == fetch::outcome::success;
    result.state = good ? scrape::task_state::done : scrape::task_state::failed;
    result.error = one.record.error_code;
    result.record = finished_text(one.record, one.times, time, fetch::format::jsonl);
  }
  end(results);
}

void work_shared::end(std::vector<scrape::task_result>& results) {
  const auto milliseconds = milliseconds_of(std::chrono::system_clock::now());
  for (auto& result : results) {
    const std::lock_guard lock(mutex_);
    if (const auto found = live_.find(result.number); found != live_.end()) result.page = std::move(found->second.page);
  }
  const auto there = store_.finish(results, milliseconds);
  std::vector<task_end> ends;
  {
    const std::lock_guard lock(mutex_);
    for (std::size_t i = 0; i < results.size(); ++i) {
      const auto found = live_.find(results[i].number);
      if (found == live_.end()) continue;
      const auto engine = found->second.end.row.lane;
      if (there[i]) {
        auto& end = ends.emplace_back(std::move(found->second.end));
        end.row.state = results[i].state;
        end.row.ended = milliseconds;
        end.row.error = results[i].error;
      }
      leave(results[i].number, engine);
    }
  }
  for (const auto& one : ends) {
    events_.tell(one.row.owner, one.row.id, "task", task_json(one.row, false));
    if (on_end_) on_end_(one);
  }
}

/// The mutex is held.
void work_shared::leave(std::int64_t number, const std::string& engine) {
  const auto found = live_.find(number);
  if (found->second.over) found->second.over->close();
  live_.erase(found);
  auto& own = windows_.at(engine);
  --own.in_memory;
  refill(engine, own);
}

awaitable<bool> work_shared::wait(std::int64_t number, duration limit) {
  std::shared_ptr<shared_channel<char>> over;
  {
    const std::lock_guard lock(mutex_);
    const auto found = live_.find(number);
    if (found == live_.end()) co_return true;
    if (stopped_) co_return false;
    if (!found->second.over) found->second.over = std::make_shared<shared_channel<char>>(1);
    over = found->second.over;
    if (cluster_) cluster_->hurry(found->second.end.row.id);
  }
  try {
    co_await with_timeout(limit, over->receive());
  } catch (const timeout_error&) {
    co_return false;
  }
  const std::lock_guard lock(mutex_);
  co_return live_.count(number) == 0;
}

bool work_shared::remove(std::string_view id, std::string_view owner) {
  const auto row = store_.find(id, owner);
  if (!row || !store_.remove(id, owner)) return false;
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = live_.find(row->number); found != live_.end()) {
      found->second.removed = true;
      if (found->second.over) found->second.over->close();
      // Nobody here comes by it any more.
      if (cluster_) {
        cluster_->forget(row->id);
        leave(row->number, row->lane);
      }
    }
  }
  events_.tell(owner, id, "removed", R"({"id":)" + json_text(id) + '}');
  return true;
}

}  // namespace braid::serve
