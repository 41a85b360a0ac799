#pragma once

#include <braid/scrape/durable_frontier.hpp>
#include <braid/scrape/frontier.hpp>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <span>
#include <string>
#include <string_view>

#include "engine_pages.hpp"
#include "job.hpp"
#include "options.hpp"

namespace braid::fetch {

/// What --state and queues keep of a job: its request. The URL is made anew, since the endpoint may be another one in
/// the next run. Throws io_error for a text that neither request_key() nor job_text() wrote.
job job_of_key(const std::string& key, const fetch_options& options, const engine_pages& engines);

/// The jobs of a run in --state, of which the pipeline's frontier holds the next few of each engine.
///
/// Threads: shared; one at a time inside. Calls block on the disk.
class stored_jobs_shared {
 public:
  /// How a job ended. Its record is safe.
  struct ending {
    const job* what = nullptr;
    bool failed = false;
    std::string reason;  ///< of the failure
  };

  /// The frontier's lane of an engine.
  using lane_function = std::function<scrape::lanes::id(const std::string& engine)>;

  /// Lifetime: refers to the options, the engines and the frontier.
  stored_jobs_shared(const std::string& path, std::string_view subject, const fetch_options& options,
                     const engine_pages& engines, scrape::frontier_shared<job>& next, const lane_function& lane_of);

  /// How many were new.
  std::size_t add(std::span<const job> jobs);
  /// Those that failed in earlier runs wait again. How many they are.
  std::size_t retry_failed();
  scrape::frontier_counts counts() const;

  bool has_mark() const;
  /// Where the output ended when the last record was safe.
  std::uint64_t mark() const;
  void set_mark(std::uint64_t position);

  /// No more of a lane's jobs in this run: they stay for the next one.
  void leave_lane(scrape::lanes::id which);
  /// Gives the frontier what it has room for, and seals it when there is nothing more.
  void refill();
  /// Ends jobs whose records are safe and end at `mark`, and refills.
  void finish(std::span<const ending> jobs, std::uint64_t mark);
  /// What was committed survives a power failure.
  void sync();

 private:
  struct lane {
    int number = 0;
    scrape::lanes::id target = 0;
    std::size_t in_memory = 0;
    bool empty = false;
  };
  void refill_locked();

  const fetch_options& options_;
  const engine_pages& engines_;
  scrape::frontier_shared<job>& next_;
  const std::size_t window_;
  mutable std::mutex mutex_;
  scrape::durable_frontier file_;
  std::map<std::string, lane> lanes_;  // by engine
};

}  // namespace braid::fetch
