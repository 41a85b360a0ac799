#include "work.hpp"

#include <sys/random.h>

#include <array>
#include <braid/core/error.hpp>
#include <braid/runtime/timeout.hpp>
#include <utility>

#include "../fetch/packed_page.hpp"
#include "../fetch/plan.hpp"

namespace braid::serve {
namespace {

std::int64_t now_milliseconds() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

/// Not to be guessed: who has it need not be its owner to be refused.
std::string fresh_id() {
  std::array<unsigned char, 16> bytes{};
  if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
    throw io_error("getrandom: no random bytes");
  }
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  for (const auto byte : bytes) {
    out += digits[byte >> 4U];
    out += digits[byte & 15U];
  }
  return out;
}

}  // namespace

std::string time_json(std::int64_t milliseconds) {
  return '"' + fetch::iso_time(std::chrono::system_clock::time_point(std::chrono::milliseconds(milliseconds))) + '"';
}

std::string_view state_name(scrape::task_state state, bool running) {
  return running && state == scrape::task_state::waiting ? "running" : to_string(state);
}

std::string task_json(const scrape::task_row& row, bool running) {
  std::string out = R"({"id":")" + row.id + R"(","status":")";
  out += state_name(row.state, running);
  out += R"(","created_at":)" + time_json(row.created);
  if (row.ended > 0) out += R"(,"ended_at":)" + time_json(row.ended);
  if (!row.error.empty()) out += R"(,"error":)" + json_text(row.error);
  out += R"(,"parameters":)" + row.request;
  out += R"(,"links":{"self":"/v1/task/)" + row.id + R"(","results":"/v1/task/)" + row.id + R"(/results"}})";
  return out;
}

work_shared::work_shared(const fetch::fetch_options& options, const fetch::engine_pages& engines,
                         scrape::task_store_shared& store, event_hub_shared& events, const limits& bounds)
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

// --- in --------------------------------------------------------------------------------------------------------------

std::vector<scrape::task_store_shared::added> work_shared::submit(std::span<const submission> tasks, bool urgent) {
  const std::lock_guard in_order(submitting_);
  if (store_.counts()[0] + tasks.size() > limits_.waiting) return {};
  const auto time = now_milliseconds();
  std::vector<scrape::task_store_shared::added> outcomes;
  outcomes.reserve(tasks.size());
  // Those that an earlier record may answer, and those that it may not, in runs.
  for (std::size_t begin = 0, end = 0; begin < tasks.size(); begin = end) {
    const bool no_cache = tasks[begin].request.no_cache || limits_.cache == 0;
    std::vector<scrape::new_task> fresh;
    for (; end < tasks.size() && (tasks[end].request.no_cache || limits_.cache == 0) == no_cache; ++end) {
      const auto& one = tasks[end];
      auto& row = fresh.emplace_back();
      row.id = fresh_id();
      row.owner = one.owner;
      row.lane = one.request.what.engine;
      row.request = parameters_json(one.request);
      row.same = sameness(one.request);
      row.idempotency = one.idempotency;
      row.callback = one.request.callback;
    }
    const auto added = store_.add(fresh, time, no_cache ? 0 : time - limits_.cache);
    for (std::size_t i = 0; i < added.size(); ++i) {
      const auto& source = tasks[begin + i];
      if (added[i].is_new && !added[i].answered) {
        scrape::task_row row;
        row.number = added[i].number;
        row.id = added[i].id;
        row.owner = source.owner;
        row.lane = fresh[i].lane;
        row.request = fresh[i].request;
        row.created = time;
        enter(row, source.request, urgent);
      } else if (added[i].is_new && on_end_ && !source.request.callback.empty()) {
        task_end end_now;
        end_now.row = *store_.find(added[i].id, source.owner);
        end_now.callback = source.request.callback;
        on_end_(end_now);
      }
    }
    outcomes.insert(outcomes.end(), added.begin(), added.end());
  }
  return outcomes;
}

/// Into the frontier, if there is room.
void work_shared::enter(const scrape::task_row& row, task_request request, bool urgent) {
  const std::lock_guard lock(mutex_);
  auto& own = windows_.at(row.lane);
  if (!urgent && (own.behind || own.in_memory >= limits_.window)) {
    own.behind = true;
    return;
  }
  live one;
  one.end.row = row;
  one.end.callback = request.callback;
  one.keeps_page = request.as == output::html;
  live_[row.number] = std::move(one);
  ++own.in_memory;
  fetch::complete(request.what, options_, engines_);
  request.what.id = row.id;
  request.what.ticket = static_cast<std::uint64_t>(row.number);
  if (urgent) {
    jobs_.add_first(std::move(request.what), own.lane);
  } else {
    own.last = row.number;
    jobs_.add(std::move(request.what), own.lane);
  }
}

/// The mutex is held.
void work_shared::refill(const std::string& engine, window& of) {
  if (!of.behind || stopped_ || of.in_memory > limits_.window / 2) return;
  const auto room = limits_.window - of.in_memory;
  const auto rows = store_.waiting(engine, of.last, room);
  of.behind = rows.size() == room;
  for (const auto& row : rows) {
    of.last = row.number;
    if (live_.count(row.number) > 0) continue;  // it was urgent
    auto read = read_request(nlohmann::json::parse(row.request, nullptr, false), engines_.engines());
    auto* request = std::get_if<task_request>(&read);
    if (request == nullptr) throw io_error("task " + row.id + ": its request in the store is damaged");
    live one;
    one.end.row = row;
    one.end.callback = request->callback;
    one.keeps_page = request->as == output::html;
    live_[row.number] = std::move(one);
    ++of.in_memory;
    fetch::complete(request->what, options_, engines_);
    request->what.id = row.id;
    request->what.ticket = static_cast<std::uint64_t>(row.number);
    jobs_.add(std::move(request->what), of.lane);
  }
}

// --- through ---------------------------------------------------------------------------------------------------------

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
  std::string packed;
  {
    const std::lock_guard lock(mutex_);
    const auto found = live_.find(static_cast<std::int64_t>(what.ticket));
    if (found != live_.end() && found->second.keeps_page) packed = "?";
  }
  if (!packed.empty()) {
    packed = fetch::pack_page(page.response.body());
    const std::lock_guard lock(mutex_);
    const auto found = live_.find(static_cast<std::int64_t>(what.ticket));
    if (found != live_.end()) found->second.page = std::move(packed);
  }
  const auto facts = page.facts;
  auto made = fetch::parse_page(engines_, what, std::move(page), fetch::format::jsonl);
  fetcher_.parsed(what, facts, made);
  return made;
}

// --- out -------------------------------------------------------------------------------------------------------------

void work_shared::save(std::span<pipeline_type::item> items) {
  const auto time = std::chrono::system_clock::now();
  const auto milliseconds = now_milliseconds();
  std::vector<scrape::task_result> results;
  results.reserve(items.size());
  for (auto& one : items) {
    auto& result = results.emplace_back();
    result.number = static_cast<std::int64_t>(one.job.ticket);
    const bool good = one.record.what == fetch::outcome::success;
    result.state = good ? scrape::task_state::done : scrape::task_state::failed;
    result.error = one.record.error_code;
    result.record = finished_text(one.record, one.times, time, fetch::format::jsonl);
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
      if (there[i]) {
        auto& end = ends.emplace_back(std::move(found->second.end));
        end.row.state = results[i].state;
        end.row.ended = milliseconds;
        end.row.error = results[i].error;
      }
      leave(results[i].number, items[i].job.engine);
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
    }
  }
  events_.tell(owner, id, "removed", R"({"id":)" + json_text(id) + '}');
  return true;
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
}

}  // namespace braid::serve
