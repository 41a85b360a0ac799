#include "cluster_line.hpp"

#include <algorithm>
#include <braid/core/error.hpp>
#include <braid/runtime/offload.hpp>
#include <braid/runtime/sleep.hpp>
#include <braid/runtime/task_group.hpp>
#include <nlohmann/json.hpp>
#include <random>
#include <utility>

#include "../fetch/formats.hpp"

namespace braid::serve {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t queued_at_once = 1000;
/// Records are tens of kilobytes: what one look brings is in memory at once.
constexpr std::size_t looked_for_at_once = 256;
/// Between two looks: short while they find something.
constexpr auto shortest_pause = milliseconds(20), longest_pause = milliseconds(250);
constexpr auto after_failure = milliseconds(500);

/// Servers that lost the same database are not to come back together.
duration jittered(duration time) {
  thread_local std::minstd_rand generator{std::random_device{}()};
  const auto factor = std::uniform_real_distribution<double>(0.5, 1.5)(generator);
  return std::chrono::duration_cast<duration>(std::chrono::duration<double, duration::period>(time) * factor);
}

void wake(shared_channel<char>& who) { who.try_send('\0'); }

scrape::task_result result_of(std::int64_t number, std::string record) {
  scrape::task_result out;
  out.number = number;
  const auto parsed = nlohmann::json::parse(record, nullptr, false);
  const auto text_at = [&parsed](const char* path) {
    const nlohmann::json::json_pointer where(path);
    return parsed.contains(where) && parsed.at(where).is_string() ? parsed.at(where).get<std::string>() : std::string();
  };
  if (parsed.is_object()) out.error = text_at("/error/code");
  const bool good = parsed.is_object() && text_at("/search_metadata/status") == "Success";
  out.state = good ? scrape::task_state::done : scrape::task_state::failed;
  out.record = std::move(record);
  return out;
}

}  // namespace

cluster_line_shared::cluster_line_shared(cluster_options options, found_hook found, note tell)
    : options_(std::move(options)),
      address_(scrape::redis_address::parse(options_.redis)),
      found_hook_(std::move(found)),
      note_(std::move(tell)) {
  // Made here, so that there is something to look into before the first worker has saved anything.
  fetch::open_sink(options_.results, fetch::format::postgres);
}

void cluster_line_shared::add(const fetch::job& what) {
  {
    const std::lock_guard lock(mutex_);
    lookout_.add(what.id, what.engine, static_cast<std::int64_t>(what.ticket));
    outbox_.emplace_back(what.engine, what.id, fetch::job_text(what));
  }
  wake(to_hand_out_);
  wake(to_collect_);
}

void cluster_line_shared::hurry(const std::string& id) {
  const std::lock_guard lock(mutex_);
  lookout_.hurry(id);
}

void cluster_line_shared::forget(const std::string& id) {
  const std::lock_guard lock(mutex_);
  lookout_.remove(id);
}

awaitable<void> cluster_line_shared::run() {
  co_await with_task_group([this](task_group& group) -> awaitable<void> {
    struct closer {
      cluster_line_shared& self;
      ~closer() {
        self.over_.close();
        self.to_collect_.close();
      }
    };
    const closer at_end{*this};
    group.spawn(hand_out(), "hand out");
    group.spawn(collect(), "collect");
    co_await over_.receive();
    group.cancel();
  });
}

void cluster_line_shared::stop() { over_.close(); }

awaitable<void> cluster_line_shared::hand_out() {
  scrape::redis_connection redis(address_);
  scrape::redis_frontier_options how;
  how.queue = options_.queue;
  // Long enough to queue again what a server that comes back does not know the end of.
  how.remember = std::chrono::hours(24);
  scrape::redis_frontier queue(redis, how);
  bool lost = false;
  while (true) {
    const auto batch = next_batch();
    if (batch.empty()) {
      co_await to_hand_out_.receive();
      continue;
    }
    std::string failure;
    try {
      auto pending = queue.add(batch);
      co_await std::move(pending);
    } catch (const error& e) {
      failure = e.what();
    }
    if (failure.empty()) {
      say_back(lost, redis.name());
      handed_out(batch.size());
      continue;
    }
    // What it took of the batch it knows by its keys.
    say_lost(lost, failure);
    co_await sleep_for(jittered(after_failure));
  }
}

std::vector<scrape::redis_job> cluster_line_shared::next_batch() const {
  const std::lock_guard lock(mutex_);
  const auto count = std::min(outbox_.size(), queued_at_once);
  return {outbox_.begin(), outbox_.begin() + static_cast<std::ptrdiff_t>(count)};
}

void cluster_line_shared::handed_out(std::size_t count) {
  const std::lock_guard lock(mutex_);
  outbox_.erase(outbox_.begin(), outbox_.begin() + static_cast<std::ptrdiff_t>(count));
}

/// Not to be cancelled: a look under way uses this object and what it tells. The line's end ends it.
awaitable<void> cluster_line_shared::collect() {
  co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
  bool lost = false;
  duration pause = shortest_pause;
  while (!over_.closed()) {
    if (outstanding() == 0) {
      co_await to_collect_.receive();
      continue;
    }
    std::string failure;
    std::size_t count = 0;
    try {
      auto work = [this] { return look(); };
      auto pending = offload(work);
      count = co_await std::move(pending);
    } catch (const error& e) {
      failure = e.what();
    }
    if (failure.empty()) {
      say_back(lost, "PostgreSQL");
      pause = count > 0 ? duration(shortest_pause) : std::min<duration>(pause * 2, longest_pause);
    } else {
      say_lost(lost, failure);
      pause = after_failure;
    }
    co_await sleep_for(jittered(pause));
  }
}

std::size_t cluster_line_shared::look() {
  std::vector<std::string> ids;
  {
    const std::lock_guard lock(mutex_);
    ids = lookout_.next(looked_for_at_once);
  }
  std::vector<scrape::table_row> rows;
  try {
    if (!reader_) reader_ = fetch::open_results(options_.results);
    rows = reader_->find(ids);
  } catch (...) {
    reader_.reset();
    throw;
  }
  std::vector<scrape::task_result> results;
  for (auto& row : rows) {
    const std::lock_guard lock(mutex_);
    if (const auto number = lookout_.find(row.key)) results.push_back(result_of(*number, std::move(row.record)));
  }
  if (results.empty()) return 0;
  found_hook_(results);
  // Only now: what could not be stored is found again.
  const std::lock_guard lock(mutex_);
  for (const auto& row : rows) lookout_.remove(row.key);
  found_ += results.size();
  return results.size();
}

std::size_t cluster_line_shared::outstanding() const {
  const std::lock_guard lock(mutex_);
  return lookout_.size();
}

std::uint64_t cluster_line_shared::found() const {
  const std::lock_guard lock(mutex_);
  return found_;
}

void cluster_line_shared::say_lost(bool& lost, const std::string& why) {
  if (!std::exchange(lost, true)) note_(why + "; tasks are kept, trying again");
}

void cluster_line_shared::say_back(bool& lost, const std::string& who) {
  if (std::exchange(lost, false)) note_(who + " answers again");
}

}  // namespace braid::serve
