// How tasks come in: stored, and a window of them put into the frontier.
#include <sys/random.h>

#include <algorithm>
#include <array>
#include <braid/core/error.hpp>
#include <utility>

#include "../fetch/plan.hpp"
#include "wall_milliseconds.hpp"
#include "work.hpp"

namespace braid::serve {
namespace {

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

/// They take no room in the queue.
bool work_shared::all_known(std::span<const submission> tasks) const {
  return std::all_of(tasks.begin(), tasks.end(), [this](const submission& one) {
    return !one.idempotency.empty() && store_.known(one.owner, {&one.idempotency, 1}) > 0;
  });
}

std::vector<scrape::task_store_shared::added> work_shared::submit(std::span<const submission> tasks, bool urgent) {
  const std::lock_guard in_order(submitting_);
  if (store_.counts()[0] + tasks.size() > limits_.waiting && !all_known(tasks)) return {};
  const auto time = milliseconds_of(std::chrono::system_clock::now());
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
  if (!urgent) own.last = row.number;
  queue(own, row, std::move(request), urgent);
}

/// The mutex is held.
void work_shared::queue(window& own, const scrape::task_row& row, task_request request, bool urgent) {
  live one;
  one.end.row = row;
  one.end.callback = request.callback;
  one.keeps_page = request.as == output::html;
  live_[row.number] = std::move(one);
  ++own.in_memory;
  auto& what = request.what;
  fetch::complete(what, options_, engines_);
  what.id = row.id;
  what.ticket = static_cast<std::uint64_t>(row.number);
  if (cluster_) {
    cluster_->add(what);
  } else if (urgent) {
    jobs_.add_first(std::move(what), own.lane);
  } else {
    jobs_.add(std::move(what), own.lane);
  }
}

/// The mutex is held.
void work_shared::refill(const std::string& engine, window& of) {
  // More than once where the store's next ones came to nothing: no end of a task would bring the rest in.
  while (of.behind && !stopped_ && of.in_memory <= limits_.window / 2) {
    const auto room = limits_.window - of.in_memory;
    const auto rows = store_.waiting(engine, of.last, room);
    of.behind = rows.size() == room;
    for (const auto& row : rows) {
      of.last = row.number;
      if (live_.count(row.number) > 0) continue;  // it was urgent
      auto read = read_request(nlohmann::json::parse(row.request, nullptr, false), engines_.engines());
      if (const auto* wrong = std::get_if<fault>(&read)) {
        fail(row, wrong->message);
      } else {
        queue(of, row, std::move(std::get<task_request>(read)), false);
      }
    }
  }
}

/// A stored request that is not understood, from before a change of what is, ends its task and not the server.
void work_shared::fail(const scrape::task_row& row, const std::string& why) {
  fetch::job what;
  what.engine = row.lane;
  what.id = row.id;
  auto made = fetch::failed_record(what, std::make_exception_ptr(invalid_argument("its request in the store: " + why)),
                                   fetch::format::jsonl);
  const auto time = std::chrono::system_clock::now();
  scrape::task_result result;
  result.number = row.number;
  result.state = scrape::task_state::failed;
  result.error = made.error_code;
  result.record = finished_text(made, {}, time, fetch::format::jsonl);
  store_.finish({&result, 1}, milliseconds_of(time));
}

}  // namespace braid::serve
