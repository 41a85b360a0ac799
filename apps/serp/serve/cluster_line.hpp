#pragma once

#include <braid/core/clock.hpp>
#include <braid/runtime/awaitable.hpp>
#include <braid/runtime/shared_channel.hpp>
#include <braid/scrape/redis.hpp>
#include <braid/scrape/redis_frontier.hpp>
#include <braid/scrape/table_reader.hpp>
#include <braid/scrape/task_store.hpp>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "../fetch/job.hpp"
#include "lookout.hpp"

namespace braid::serve {

struct cluster_options {
  cluster_options() = default;

  std::string redis;  ///< empty: tasks are done here
  std::string queue = "serp";
  std::string results;  ///< where the workers save: postgresql://
};

/// The tasks of a server that workers elsewhere do: queued in Redis, each under its own id, and looked for in
/// PostgreSQL until it has their records. What was queued before and is queued again, after a restart, is done once.
///
/// While Redis or PostgreSQL cannot be reached, what there is to do is kept, and tried again with jitter.
///
/// Threads: shared by all contexts, but for run(). Lifetime: outlives run().
class cluster_line_shared {
 public:
  /// Told of tasks that are over, on a thread that may block.
  using found_hook = std::function<void(std::vector<scrape::task_result>& results)>;
  using note = std::function<void(const std::string& line)>;

  /// Throws: invalid_argument for addresses that are none.
  cluster_line_shared(cluster_options options, found_hook found, note tell);

  void add(const fetch::job& what);
  /// Somebody waits for its end: it is looked for first.
  void hurry(const std::string& id);
  /// Nobody looks for it any more.
  void forget(const std::string& id);

  /// Until stop(); called once. What has not been queued by then is not.
  awaitable<void> run();
  void stop();

  std::size_t outstanding() const;
  std::uint64_t found() const;

 private:
  awaitable<void> hand_out();
  awaitable<void> collect();
  /// How many it found. Blocks.
  std::size_t look();
  std::vector<scrape::redis_job> next_batch() const;
  void handed_out(std::size_t count);
  void say_lost(bool& lost, const std::string& why);
  void say_back(bool& lost, const std::string& who);

  const cluster_options options_;
  const scrape::redis_address address_;
  const found_hook found_hook_;
  const note note_;
  mutable std::mutex mutex_;
  std::deque<scrape::redis_job> outbox_;
  lookout lookout_;
  std::uint64_t found_ = 0;
  std::unique_ptr<scrape::table_reader> reader_;  // of look() alone
  shared_channel<char> to_hand_out_{1}, to_collect_{1}, over_{1};
};

}  // namespace braid::serve
