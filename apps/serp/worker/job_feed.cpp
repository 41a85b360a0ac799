#include "job_feed.hpp"

#include "take_pace.hpp"

#include <algorithm>
#include <braid/core/error.hpp>
#include <braid/runtime/sleep.hpp>
#include <braid/runtime/timeout.hpp>
#include <random>
#include <utility>

namespace braid::worker {
namespace {

using std::chrono::milliseconds;

constexpr auto after_failure = milliseconds(200);
constexpr auto last_patience = std::chrono::seconds(30);

double random_unit() {
  thread_local std::minstd_rand generator{std::random_device{}()};
  return std::uniform_real_distribution<double>(0, 1)(generator);
}

/// Workers that were started together are not to ask together.
duration jittered(duration time) {
  const auto factor = 0.75 + random_unit() / 2;
  return std::chrono::duration_cast<duration>(std::chrono::duration<double, duration::period>(time) * factor);
}

}  // namespace

job_feed_shared::job_feed_shared(scrape::redis_frontier& queue, feed_options options, adder add, note tell)
    : queue_(queue), options_(std::move(options)), add_(std::move(add)), note_(std::move(tell)) {}

// --- in --------------------------------------------------------------------------------------------------------------

awaitable<void> job_feed_shared::take_all() {
  take_pace pace;
  while (!stopped()) {
    const auto free = free_slots();
    if (free == 0) {
      co_await wait_for_room(std::chrono::seconds(1));
      continue;
    }
    duration wait = take_pace::shortest;
    std::string failure;
    bool empty = false;
    try {
      auto pending = queue_.take(free, options_.rates);
      auto batch = co_await std::move(pending);
      reached();
      empty = batch.jobs.empty();
      wait = pace.after(batch.jobs.size(), batch.wait, random_unit());
      add(std::move(batch.jobs));
    } catch (const error& e) {
      failure = e.what();
    }
    if (!failure.empty()) {
      lost(failure);
      wait = jittered(after_failure);
    } else if (empty && options_.until_empty) {
      const bool over = co_await is_over();
      if (over) co_return;
    }
    co_await sleep_for(wait);
  }
}

awaitable<bool> job_feed_shared::is_over() {
  if (held() > 0) co_return false;
  try {
    auto pending = queue_.counts();
    const auto counts = co_await std::move(pending);
    co_return counts.open() == 0;
  } catch (const error&) {
    co_return false;
  }
}

void job_feed_shared::add(std::vector<scrape::redis_taken> jobs) {
  for (auto& one : jobs) {
    std::uint64_t ticket = 0;
    {
      const std::lock_guard lock(mutex_);
      ticket = ++last_ticket_;
      held_.emplace(ticket, one);
      ++gathering_;
    }
    try {
      add_(one, ticket);
    } catch (const error& e) {
      // Nobody renews its lease: it goes round until it is dead.
      note_(e.what());
      const std::lock_guard lock(mutex_);
      held_.erase(ticket);
      --gathering_;
    }
  }
}

awaitable<void> job_feed_shared::wait_for_room(duration time) {
  try {
    co_await with_timeout(time, room_.receive());
  } catch (const timeout_error&) {
  }
}

awaitable<void> job_feed_shared::renew_all() {
  while (true) {
    co_await sleep_for(jittered(options_.lease / 4));
    std::vector<scrape::redis_taken> all;
    {
      const std::lock_guard lock(mutex_);
      for (const auto& [ticket, one] : held_) all.push_back(one);
    }
    if (all.empty()) continue;
    std::string failure;
    try {
      // Those that others have meanwhile are finished here all the same: a record is the same whoever made it.
      auto pending = queue_.renew(all);
      co_await std::move(pending);
      reached();
    } catch (const error& e) {
      failure = e.what();
    }
    if (!failure.empty()) lost(failure);
  }
}

// --- out -------------------------------------------------------------------------------------------------------------

awaitable<void> job_feed_shared::tell_all() {
  std::optional<time_point> give_up;
  while (true) {
    bool closed = false;
    words what;
    {
      const std::lock_guard lock(mutex_);
      closed = closed_;
      what = std::exchange(words_, {});
    }
    const auto nothing = what.finished.empty() && what.back.empty() && what.suspensions.empty();
    if (nothing && closed) break;
    if (nothing) {
      co_await news_.receive();
      continue;
    }
    std::string failure;
    try {
      auto pending = tell(what);
      co_await std::move(pending);
      reached();
    } catch (const error& e) {
      failure = e.what();
    }
    if (failure.empty()) continue;
    lost(failure);
    {
      const std::lock_guard lock(mutex_);
      std::move(what.finished.begin(), what.finished.end(), std::back_inserter(words_.finished));
      std::move(what.back.begin(), what.back.end(), std::back_inserter(words_.back));
      words_.suspensions.merge(what.suspensions);
    }
    const auto time = co_await now();
    if (closed && !give_up) give_up = time + last_patience;
    if (give_up && time > *give_up) co_return;
    co_await sleep_for(jittered(after_failure));
  }
  auto leaving = queue_.leave();
  try {
    co_await std::move(leaving);
  } catch (const error&) {
    // It is taken out of the group by another worker then.
  }
}

/// Takes out of `what` what has been told.
awaitable<void> job_feed_shared::tell(words& what) {
  while (!what.suspensions.empty()) {
    const auto first = what.suspensions.begin();
    auto pending = queue_.suspend(first->first, std::chrono::ceil<milliseconds>(first->second));
    co_await std::move(pending);
    what.suspensions.erase(first);
  }
  if (!what.finished.empty()) {
    auto pending = queue_.finish(what.finished);
    co_await std::move(pending);
    what.finished.clear();
  }
  while (!what.back.empty()) {
    const auto& one = what.back.back();
    auto pending = queue_.give_back(one.job, std::chrono::ceil<milliseconds>(one.delay), one.attempted);
    co_await std::move(pending);
    what.back.pop_back();
  }
}

void job_feed_shared::gathered() {
  {
    const std::lock_guard lock(mutex_);
    --gathering_;
  }
  wake(room_);
}

void job_feed_shared::saved(std::span<const std::uint64_t> tickets) {
  {
    const std::lock_guard lock(mutex_);
    for (const auto ticket : tickets) {
      auto found = held_.extract(ticket);
      if (!found.empty()) words_.finished.push_back(std::move(found.mapped()));
    }
  }
  wake(news_);
}

void job_feed_shared::later(std::uint64_t ticket, duration delay, bool attempted) {
  {
    const std::lock_guard lock(mutex_);
    auto found = held_.extract(ticket);
    if (found.empty()) return;
    words_.back.push_back({std::move(found.mapped()), std::max(delay, duration::zero()), attempted});
  }
  wake(news_);
}

void job_feed_shared::suspend(const std::string& engine, duration time, time_point now) {
  {
    const std::lock_guard lock(mutex_);
    auto& until = suspended_[engine];
    until = std::max(until, now + time);
    auto& told = words_.suspensions[engine];
    told = std::max(told, time);
  }
  wake(news_);
}

time_point job_feed_shared::suspended_until(const std::string& engine) const {
  const std::lock_guard lock(mutex_);
  const auto found = suspended_.find(engine);
  return found == suspended_.end() ? time_point::min() : found->second;
}

void job_feed_shared::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  wake(room_);
}

void job_feed_shared::close() {
  {
    const std::lock_guard lock(mutex_);
    for (auto& [ticket, one] : held_) words_.back.push_back({std::move(one), duration::zero(), false});
    held_.clear();
    closed_ = true;
  }
  wake(news_);
}

bool job_feed_shared::stopped() const {
  const std::lock_guard lock(mutex_);
  return stopped_;
}

std::size_t job_feed_shared::free_slots() const {
  const std::lock_guard lock(mutex_);
  return options_.slots - std::min(options_.slots, gathering_);
}

std::size_t job_feed_shared::held() const {
  const std::lock_guard lock(mutex_);
  return held_.size() + words_.finished.size() + words_.back.size();
}

void job_feed_shared::wake(shared_channel<char>& who) { who.try_send('\0'); }

void job_feed_shared::reached() {
  if (std::exchange(lost_, false)) note_("Redis answers again");
}

void job_feed_shared::lost(const std::string& why) {
  if (!std::exchange(lost_, true)) note_(why + "; what has been fetched is kept, trying again");
}

}  // namespace braid::worker
