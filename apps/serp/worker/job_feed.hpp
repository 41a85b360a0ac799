#pragma once

#include <braid/runtime/shared_channel.hpp>
#include <braid/scrape/frontier.hpp>
#include <braid/scrape/redis_frontier.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "../fetch/job.hpp"

namespace braid::worker {

struct feed_options {
  feed_options() = default;

  std::size_t slots = 10;               ///< jobs that are being gathered at once
  std::map<std::string, double> rates;  ///< of the engines that this worker knows
  duration lease = std::chrono::seconds(60);
  bool until_empty = false;
};

/// Between the queue that all workers share and the pipeline of this one: takes as many jobs as are free to be
/// gathered, keeps their leases, and tells the queue what became of them. While the queue cannot be reached, what there
/// is to tell is kept.
///
/// Threads: the coroutines on the context of the queue's connection; all else anywhere.
class job_feed_shared {
 public:
  /// Makes a job of what a queue holds, and adds it to the pipeline's frontier; throws for a text that is none.
  using adder = std::function<void(const scrape::redis_taken& taken, std::uint64_t ticket)>;
  using note = std::function<void(const std::string& line)>;

  /// Lifetime: refers to the queue.
  job_feed_shared(scrape::redis_frontier& queue, feed_options options, adder add, note tell);

  /// Until stop(), or the queue is empty where that is the end.
  awaitable<void> take_all();
  /// Until cancelled.
  awaitable<void> renew_all();
  /// Until close() and all is told, or it cannot be for half a minute.
  awaitable<void> tell_all();

  /// A slot is free.
  void gathered();
  void saved(std::span<const std::uint64_t> tickets);
  /// Somebody gathers it after the delay; `attempted`: again.
  void later(std::uint64_t ticket, duration delay, bool attempted);
  void suspend(const std::string& engine, duration time, time_point now);
  /// Until when an engine is to be left alone, as far as this worker has found out itself.
  time_point suspended_until(const std::string& engine) const;

  void stop();
  /// What is held still is given back.
  void close();

  /// Jobs that the queue does not know the end of.
  std::size_t held() const;

 private:
  struct given_back {
    scrape::redis_taken job;
    duration delay{};
    bool attempted = false;
  };
  struct words {
    std::vector<scrape::redis_taken> finished;
    std::vector<given_back> back;
    std::map<std::string, duration> suspensions;
  };
  bool stopped() const;
  std::size_t free_slots() const;
  void add(std::vector<scrape::redis_taken> jobs);
  awaitable<bool> is_over();
  awaitable<void> wait_for_room(duration time);
  awaitable<void> tell(words& what);
  void reached();
  void lost(const std::string& why);
  void wake(shared_channel<char>& who);

  scrape::redis_frontier& queue_;
  const feed_options options_;
  const adder add_;
  const note note_;
  mutable std::mutex mutex_;
  std::unordered_map<std::uint64_t, scrape::redis_taken> held_;
  words words_;
  std::map<std::string, time_point> suspended_;
  std::size_t gathering_ = 0;
  std::uint64_t last_ticket_ = 0;
  bool stopped_ = false, closed_ = false, lost_ = false;
  shared_channel<char> room_{1}, news_{1};
};

}  // namespace braid::worker
