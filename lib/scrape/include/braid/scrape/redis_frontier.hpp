#pragma once

#include <braid/core/clock.hpp>
#include <braid/runtime/awaitable.hpp>
#include <braid/scrape/redis.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace braid::scrape {

/// A job for all workers. `key` is what makes two jobs the same (a canonical request), `text` what the one who takes it
/// needs, `lane` a queue of its own with its own rate: a target.
struct redis_job {
  redis_job() = default;
  redis_job(std::string job_lane, std::string job_key, std::string job_text, std::chrono::milliseconds job_delay = {})
      : lane(std::move(job_lane)), key(std::move(job_key)), text(std::move(job_text)), delay(job_delay) {}

  std::string lane;
  std::string key;
  std::string text;
  std::chrono::milliseconds delay{};  ///< not to be taken before, by the server's clock
};

/// A job that this consumer has, under a lease.
struct redis_taken {
  redis_taken() = default;

  std::string lane;
  std::string id;  ///< its entry in the lane's stream
  std::string text;
  unsigned attempts = 0;  ///< how often it was given back as one to be tried again
};

struct redis_batch {
  redis_batch() = default;

  std::vector<redis_taken> jobs;
  /// When it is worth to ask again, as far as the server knows: the next token, job or end of a suspension. Negative
  /// where only somebody's new job can help.
  std::chrono::milliseconds wait{-1};
};

/// What one lane holds.
struct redis_lane_counts {
  redis_lane_counts() = default;

  std::string lane;
  std::uint64_t lag = 0;      ///< that nobody has taken yet
  std::uint64_t pending = 0;  ///< that somebody has
  std::uint64_t delayed = 0;  ///< whose time has not come
  std::uint64_t done = 0;     ///< finished, ever
  std::uint64_t consumers = 0;
  std::chrono::milliseconds suspended{};  ///< for so long
};

struct redis_counts {
  redis_counts() = default;

  std::vector<redis_lane_counts> lanes;  ///< by name
  std::uint64_t dead = 0;

  std::uint64_t open() const;  ///< jobs that are still to be done, dead ones not among them
};

struct redis_frontier_options {
  redis_frontier_options() = default;

  std::string queue = "serp";               ///< frontiers of one name on one server are one
  std::string consumer;                     ///< of this worker alone; empty: host, process and some random digits
  std::chrono::milliseconds lease{60'000};  ///< renew() within it
  unsigned most_deliveries = 5;             ///< with more, a job that kills its workers is dead
  /// For so long a key is known, and its job not added again. Each takes about 220 bytes of the server's memory.
  std::chrono::seconds remember = std::chrono::hours(24 * 7);
  std::chrono::milliseconds burst{20};  ///< of a lane's rate: tokens that may be saved up, at least one
};

/// The jobs of many workers in a Redis server: a stream and a consumer group for each lane, a dead stream for jobs that
/// came back too often, a sorted set for those whose time has not come.
///
/// What belongs together is one script on the server, by its clock: taking a job takes a token of its lane's rate as
/// well, so a job taken is a request that may be sent now, and no worker can be faster than all may be together. Work
/// that has to wait is given back to the server, never kept under a lease. Save first, then finish(): a job is done at
/// least once, and a sink that replaces a record of the same key makes that once. Nothing is ever trimmed.
///
/// The server has to keep what it was given: maxmemory-policy noeviction (its default), or streams vanish when memory
/// is short; with noeviction a full server refuses new jobs and goes on with those that it has. And appendonly yes, or
/// a restart loses the latest. concerns() looks.
///
/// Throws: as redis_connection. Every call can be made again when it failed.
/// Threads, lifetime: as the connection's, which it uses. Cancellation: closes the connection.
class redis_frontier {
 public:
  explicit redis_frontier(redis_connection& redis, redis_frontier_options options = redis_frontier_options());
  ~redis_frontier();

  const std::string& consumer() const noexcept;

  /// How many were new. One round trip for each thousand.
  awaitable<std::size_t> add(std::span<const redis_job> jobs);

  /// At most `most` jobs of the given lanes: those that a dead worker left first. A lane with a rate (jobs a second
  /// over all workers; 0: no limit) gives no more than that.
  awaitable<redis_batch> take(std::size_t most, const std::map<std::string, double>& rates);

  /// Their records are safe. How many of them were not finished before, by somebody who had taken them over.
  awaitable<std::size_t> finish(std::span<const redis_taken> jobs);

  /// Is to be taken again after the delay, by anybody; as one more attempt or not.
  awaitable<void> give_back(redis_taken job, std::chrono::milliseconds delay, bool attempted);

  /// Prolongs the leases. Those that it could not: others have them, or they are done.
  awaitable<std::vector<redis_taken>> renew(std::span<const redis_taken> jobs);

  /// No worker takes from the lane for so long; a longer suspension that is there stays.
  awaitable<void> suspend(std::string lane, std::chrono::milliseconds time);

  awaitable<redis_counts> counts();

  /// At most `most` dead jobs wait again. How many they are.
  awaitable<std::size_t> requeue(std::size_t most);

  /// What about the server's settings endangers the queue, a line each; none where it does not tell its settings.
  awaitable<std::vector<std::string>> concerns();

  /// This consumer holds nothing any more and is gone.
  awaitable<void> leave();

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace braid::scrape
