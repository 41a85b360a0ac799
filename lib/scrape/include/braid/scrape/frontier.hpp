#pragma once

#include <algorithm>
#include <atomic>
#include <braid/core/error.hpp>
#include <braid/runtime/awaitable.hpp>
#include <braid/runtime/shared_channel.hpp>
#include <braid/runtime/sleep.hpp>
#include <braid/runtime/timeout.hpp>
#include <braid/scrape/lanes.hpp>
#include <cstddef>
#include <deque>
#include <functional>
#include <limits>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

namespace braid::scrape {

/// The jobs of a run that nobody has taken yet, each once. Gatherers pull from it, so a slow context takes less; what a
/// page leads to is added while the run goes on.
///
/// Jobs stand in lanes, one for each target (see lanes): a target that waits for its turn, is held or is slow keeps no
/// gatherer from the jobs of the others. Without a word about it there is one lane.
///
/// A run is over when it has been sealed, every job taken was finished and none is left. That is why a crawler can add
/// the links of a page as long as that page has not been finished.
///
/// Threads: shared by all contexts.
/// Limits: jobs and keys are in memory.
template <class Job>
class frontier_shared {
 public:
  using lane = lanes::id;

  /// A job that somebody has taken, and where it stood.
  struct taken {
    taken() = default;
    taken(Job what, lane where) : job(std::move(what)), from(where) {}
    Job job;
    lane from = 0;
  };

  frontier_shared() : signal_(std::numeric_limits<std::size_t>::max()) {}

  /// Before the run. The first lane that is added is the one that jobs without a lane stand in.
  lane add_lane(duration interval = duration::zero());

  /// False if a job with this key was added before: it is dropped then.
  bool add(Job job, std::string key, lane where = 0);
  /// A job that is known to be new.
  void add(Job job, lane where = 0);
  /// The same, before all that stand in its lane: somebody waits for it.
  void add_first(Job job, lane where = 0);

  /// Nothing will come from outside any more.
  void seal();
  /// Gives out no more jobs; those still here stay undone.
  void stop();
  bool stopped() const noexcept { return stopped_.load(std::memory_order_relaxed); }

  /// The next job; nullopt when the run is over or stopped.
  awaitable<std::optional<taken>> next();
  /// A job taken has been gathered: its lane has a slot more.
  void gathered(lane from);
  /// Back to the front of its lane, not to be taken before `moment`. It has been gathered() before.
  void put_back(taken job, time_point moment);
  /// The job taken is over: its record is safe.
  void finished(std::size_t jobs = 1);
  /// The job taken gets no record in this run. It has been gathered() before.
  void leave_undone(lane from);
  /// Has `hook` told of lanes where jobs were left undone. Set before the run; called from any thread, outside the
  /// lock.
  void on_undone(std::function<void(lane)> hook) { undone_ = std::move(hook); }

  /// As lanes has them.
  void set_slots(std::size_t slots);
  void set_limit(lane which, std::size_t limit);
  void hold(lane which, time_point until);
  /// Leaves the jobs that stand in a lane, and those that come, undone: they get no record, and the run ends without
  /// them.
  void abandon(lane which);

  /// Jobs that nobody has taken.
  std::size_t waiting() const noexcept { return waiting_.load(std::memory_order_relaxed); }
  /// Jobs that were left undone.
  std::size_t abandoned() const noexcept { return abandoned_.load(std::memory_order_relaxed); }

 private:
  struct delayed {
    delayed(taken what, time_point moment) : job(std::move(what)), when(moment) {}
    bool operator<(const delayed& other) const { return when > other.when; }  // the earliest on top
    taken job;
    time_point when;
  };
  struct place;
  struct line {
    std::deque<Job> jobs;
    bool abandoned = false;
  };

  void put(Job job, lane where, bool first = false);
  std::optional<taken> take(time_point now);
  std::optional<time_point> next_moment(time_point now) const;
  void wake();
  void leave(std::size_t jobs);
  void drop(lane which);
  void make_first_lane();

  std::function<void(lane)> undone_;
  std::atomic<std::size_t> waiting_ = 0;
  std::atomic<std::size_t> abandoned_ = 0;
  std::atomic<bool> stopped_ = false;
  mutable std::mutex mutex_;
  std::unordered_set<std::string> seen_;
  lanes lanes_;
  std::vector<line> lines_;
  std::vector<delayed> delayed_;  // a heap
  std::size_t unfinished_ = 0;
  bool sealed_ = false;
  std::optional<time_point> watched_;  // somebody waits until then
  // Wakes one of those who wait, to look again; a word that nobody waits for is kept.
  shared_channel<char> signal_;
  std::size_t waiters_ = 0;
};

template <class Job>
auto frontier_shared<Job>::add_lane(duration interval) -> lane {
  const std::lock_guard lock(mutex_);
  lines_.emplace_back();
  return lanes_.add(interval);
}

template <class Job>
void frontier_shared<Job>::make_first_lane() {
  if (!lines_.empty()) return;
  lines_.emplace_back();
  lanes_.add();
}

template <class Job>
bool frontier_shared<Job>::add(Job job, std::string key, lane where) {
  const std::lock_guard lock(mutex_);
  if (!seen_.insert(std::move(key)).second) return false;
  put(std::move(job), where);
  return true;
}

template <class Job>
void frontier_shared<Job>::add(Job job, lane where) {
  const std::lock_guard lock(mutex_);
  put(std::move(job), where);
}

template <class Job>
void frontier_shared<Job>::add_first(Job job, lane where) {
  const std::lock_guard lock(mutex_);
  put(std::move(job), where, true);
}

template <class Job>
void frontier_shared<Job>::put(Job job, lane where, bool first) {
  make_first_lane();
  auto& own = lines_[where];
  if (own.abandoned) {
    abandoned_.fetch_add(1, std::memory_order_relaxed);
    return;
  }
  ++unfinished_;
  if (first) {
    own.jobs.push_front(std::move(job));
  } else {
    own.jobs.push_back(std::move(job));
  }
  lanes_.queue(where);
  waiting_.fetch_add(1, std::memory_order_relaxed);
  wake();
}

template <class Job>
void frontier_shared<Job>::seal() {
  const std::lock_guard lock(mutex_);
  sealed_ = true;
  if (unfinished_ == 0) signal_.close();
}

template <class Job>
void frontier_shared<Job>::stop() {
  stopped_.store(true, std::memory_order_relaxed);
  signal_.close();
}

template <class Job>
void frontier_shared<Job>::wake() {
  // More words than waiters say nothing more.
  if (waiters_ > signal_.size()) signal_.try_send(0);
}

template <class Job>
auto frontier_shared<Job>::take(time_point now) -> std::optional<taken> {
  while (!delayed_.empty() && delayed_.front().when <= now) {
    std::pop_heap(delayed_.begin(), delayed_.end());
    taken due = std::move(delayed_.back().job);
    delayed_.pop_back();
    lines_[due.from].jobs.push_front(std::move(due.job));
    lanes_.queue(due.from);
  }
  const auto which = lanes_.pick(now);
  if (!which) return std::nullopt;
  auto& jobs = lines_[*which].jobs;
  std::optional<taken> next;
  next.emplace(std::move(jobs.front()), *which);
  jobs.pop_front();
  waiting_.fetch_sub(1, std::memory_order_relaxed);
  return next;
}

template <class Job>
std::optional<time_point> frontier_shared<Job>::next_moment(time_point now) const {
  auto moment = lanes_.next_moment(now);
  if (!delayed_.empty() && (!moment || delayed_.front().when < *moment)) moment = delayed_.front().when;
  return moment;
}

/// One who waits for a word that it is worth to look again. Some of them watch the clock too.
template <class Job>
struct frontier_shared<Job>::place {
  /// The mutex is held.
  place(frontier_shared& of, time_point now) : owner(of) {
    ++owner.waiters_;
    const auto next = owner.next_moment(now);
    if (!next || (owner.watched_ && *owner.watched_ <= *next)) return;
    until = owner.watched_ = next;
  }
  /// Who is cancelled passes the word on: nobody else may have looked.
  ~place() {
    const std::lock_guard lock(owner.mutex_);
    --owner.waiters_;
    if (until && owner.watched_ == until) owner.watched_.reset();
    if (!looks) owner.wake();
  }
  place(const place&) = delete;
  place& operator=(const place&) = delete;

  frontier_shared& owner;
  std::optional<time_point> until;
  bool looks = false;
};

template <class Job>
auto frontier_shared<Job>::next() -> awaitable<std::optional<taken>> {
  while (!stopped()) {
    const auto now = co_await braid::now();
    std::optional<taken> job;
    std::optional<place> waits;
    {
      const std::lock_guard lock(mutex_);
      job = take(now);
      if (!job) waits.emplace(*this, now);
      // Others may go too, or nobody watches the clock any more.
      if (job && (lanes_.ready(now) || (!watched_ && next_moment(now)))) wake();
    }
    if (job) co_return job;
    bool over = false;
    if (waits->until) {
      try {
        const auto word = co_await with_timeout(*waits->until - now, signal_.receive());
        over = !word;
      } catch (const timeout_error&) {
      }
    } else {
      const auto word = co_await signal_.receive();
      over = !word;
    }
    waits->looks = true;
    if (over) break;
  }
  co_return std::nullopt;
}

template <class Job>
void frontier_shared<Job>::gathered(lane from) {
  const std::lock_guard lock(mutex_);
  lanes_.release(from);
  wake();
}

template <class Job>
void frontier_shared<Job>::put_back(taken job, time_point moment) {
  const std::lock_guard lock(mutex_);
  if (lines_[job.from].abandoned) {
    abandoned_.fetch_add(1, std::memory_order_relaxed);
    leave(1);
    return;
  }
  waiting_.fetch_add(1, std::memory_order_relaxed);
  delayed_.emplace_back(std::move(job), moment);
  std::push_heap(delayed_.begin(), delayed_.end());
  wake();
}

template <class Job>
void frontier_shared<Job>::leave(std::size_t jobs) {
  unfinished_ -= jobs;
  if (sealed_ && unfinished_ == 0) signal_.close();
}

template <class Job>
void frontier_shared<Job>::finished(std::size_t jobs) {
  const std::lock_guard lock(mutex_);
  leave(jobs);
}

template <class Job>
void frontier_shared<Job>::leave_undone(lane from) {
  {
    const std::lock_guard lock(mutex_);
    abandoned_.fetch_add(1, std::memory_order_relaxed);
    leave(1);
  }
  if (undone_) undone_(from);
}

template <class Job>
void frontier_shared<Job>::set_slots(std::size_t slots) {
  const std::lock_guard lock(mutex_);
  lanes_.set_slots(slots);
}

template <class Job>
void frontier_shared<Job>::set_limit(lane which, std::size_t limit) {
  const std::lock_guard lock(mutex_);
  lanes_.set_limit(which, limit);
  wake();
}

template <class Job>
void frontier_shared<Job>::hold(lane which, time_point until) {
  const std::lock_guard lock(mutex_);
  lanes_.hold(which, until);
}

template <class Job>
void frontier_shared<Job>::abandon(lane which) {
  drop(which);
  if (undone_) undone_(which);
}

template <class Job>
void frontier_shared<Job>::drop(lane which) {
  const std::lock_guard lock(mutex_);
  auto& own = lines_[which];
  own.abandoned = true;
  const auto of_lane = [which](const delayed& one) { return one.job.from == which; };
  const auto left = own.jobs.size() + static_cast<std::size_t>(std::erase_if(delayed_, of_lane));
  std::make_heap(delayed_.begin(), delayed_.end());
  own.jobs.clear();
  lanes_.clear(which);
  waiting_.fetch_sub(left, std::memory_order_relaxed);
  abandoned_.fetch_add(left, std::memory_order_relaxed);
  leave(left);
  wake();
}

}  // namespace braid::scrape
