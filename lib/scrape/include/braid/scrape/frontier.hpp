#pragma once

#include <atomic>
#include <braid/runtime/awaitable.hpp>
#include <braid/runtime/shared_channel.hpp>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_set>
#include <utility>

namespace braid::scrape {

/// The jobs of a run that nobody has taken yet, each once. Gatherers pull from it, so a slow context takes less; what a
/// page leads to is added while the run goes on.
///
/// A run is over when it has been sealed, every job taken was finished and none is left. That is why a crawler can add
/// the links of a page as long as that page has not been finished.
///
/// Threads: shared by all contexts.
/// Limits: jobs and keys are in memory.
template <class Job>
class frontier_shared {
 public:
  frontier_shared() : queue_(std::numeric_limits<std::size_t>::max()) {}

  /// False if a job with this key was added before: it is dropped then.
  bool add(Job job, std::string key);

  /// Nothing will come from outside any more.
  void seal();
  /// Gives out no more jobs; those still here stay undone.
  void stop();
  bool stopped() const noexcept { return stopped_.load(std::memory_order_relaxed); }

  /// The next job; nullopt when the run is over or stopped.
  awaitable<std::optional<Job>> next();
  /// The job taken is over: its record is safe.
  void finished(std::size_t jobs = 1);

  /// Jobs that nobody has taken.
  std::size_t waiting() const noexcept { return waiting_.load(std::memory_order_relaxed); }

 private:
  shared_channel<Job> queue_;
  std::atomic<std::size_t> waiting_ = 0;
  std::atomic<bool> stopped_ = false;
  std::mutex mutex_;
  std::unordered_set<std::string> seen_;
  std::size_t unfinished_ = 0;
  bool sealed_ = false;
};

template <class Job>
bool frontier_shared<Job>::add(Job job, std::string key) {
  {
    const std::lock_guard lock(mutex_);
    if (!seen_.insert(std::move(key)).second) return false;
    ++unfinished_;
  }
  waiting_.fetch_add(1, std::memory_order_relaxed);
  queue_.try_send(std::move(job));
  return true;
}

template <class Job>
void frontier_shared<Job>::seal() {
  const std::lock_guard lock(mutex_);
  sealed_ = true;
  if (unfinished_ == 0) queue_.close();
}

template <class Job>
void frontier_shared<Job>::stop() {
  stopped_.store(true, std::memory_order_relaxed);
  queue_.close();
}

template <class Job>
awaitable<std::optional<Job>> frontier_shared<Job>::next() {
  std::optional<Job> job = co_await queue_.receive();
  if (stopped()) co_return std::nullopt;
  if (job) waiting_.fetch_sub(1, std::memory_order_relaxed);
  co_return job;
}

template <class Job>
void frontier_shared<Job>::finished(std::size_t jobs) {
  const std::lock_guard lock(mutex_);
  unfinished_ -= jobs;
  if (sealed_ && unfinished_ == 0) queue_.close();
}

}  // namespace braid::scrape
