#pragma once

#include <braid/scrape/pipeline.hpp>
#include <braid/scrape/task_store.hpp>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "../fetch/fetcher.hpp"
#include "../fetch/page_record.hpp"
#include "cluster_line.hpp"
#include "event_hub.hpp"
#include "task_request.hpp"

namespace braid::serve {

/// A task that a client sends, checked.
struct submission {
  submission() = default;

  task_request request;
  std::string owner;
  std::string idempotency;
};

/// A task that is over, as it is told to who waits for it outside.
struct task_end {
  task_end() = default;

  scrape::task_row row;
  std::string callback;  ///< where to; empty for nowhere
};

/// Does the tasks of the store: the pipeline of fetch over a frontier that is never sealed; or lets workers elsewhere
/// do them. Of each engine's tasks a window is in memory, the rest waits in the store.
///
/// Threads: shared by all contexts, but for run().
class work_shared {
 public:
  struct limits {
    limits() = default;

    std::size_t window = 1024;          ///< tasks of an engine in memory, beside those that somebody waits for
    std::uint64_t waiting = 1'000'000;  ///< tasks in the store; with more, none is taken
    std::int64_t cache = 3'600'000;     ///< milliseconds that a record answers the same request again
  };

  /// Lifetime: refers to all but the cluster, the limits and `tell`, which is told of trouble, a line each.
  /// Throws: io_error when the cluster's results cannot be reached.
  work_shared(const fetch::fetch_options& options, const cluster_options& cluster, const fetch::engine_pages& engines,
              scrape::task_store_shared& store, event_hub_shared& events, const limits& bounds,
              cluster_line_shared::note tell);

  /// Stores tasks and queues them. `urgent` ones go before all others of their engine. An empty result: there are too
  /// many. Blocks on the disk.
  std::vector<scrape::task_store_shared::added> submit(std::span<const submission> tasks, bool urgent);
  /// Until the task is over, stop() is called or the time has passed. Whether it is over.
  awaitable<bool> wait(std::int64_t number, duration limit);
  /// False if there is none of this owner. One that is under way comes to an end that nobody sees.
  bool remove(std::string_view id, std::string_view owner);
  bool is_running(std::int64_t number) const;

  /// Works until stop(); called once, on the runtime's first context. What the store has waiting from an earlier life
  /// comes first.
  awaitable<void> run() { return cluster_ ? cluster_->run() : line_.run(); }
  /// Finishes what is under way; what waits stays in the store.
  void stop();

  /// Called for every task that is over, on the thread that saves. Set before run().
  void on_end(std::function<void(const task_end&)> hook) { on_end_ = std::move(hook); }

  scrape::stage_counts counts(scrape::stage which) const;
  std::vector<fetch::target_shared::health> engine_health() const { return fetcher_.engine_health(clock::now()); }
  std::vector<scrape::proxy_pool::report> proxy_health() const { return fetcher_.proxies(); }
  /// Lines about engines and proxies since the last call.
  std::string take_notes() { return fetcher_.take_notes(); }

 private:
  using pipeline_type = scrape::pipeline<fetch::job, fetch::fetched_page, fetch::record>;
  /// A task that is in memory.
  struct live {
    live() = default;
    task_end end;
    std::string page;  // packed, if it is wanted
    bool keeps_page = false, running = false, removed = false;
    std::shared_ptr<shared_channel<char>> over;  // closed at the end; made when somebody waits
  };
  struct window {
    scrape::lanes::id lane = 0;
    std::size_t in_memory = 0;
    std::int64_t last = 0;  // the greatest number that was put in memory in its turn
    bool behind = false;    // there are more in the store
  };

  pipeline_type::steps_type steps();
  awaitable<scrape::gather_result<fetch::fetched_page>> gather(fetch::job& what);
  fetch::record parse(const fetch::job& what, fetch::fetched_page page);
  bool keeps_page(std::int64_t number) const;
  void save(std::span<pipeline_type::item> items);
  /// Stores how tasks ended, and tells of it; but for a page, results are complete.
  void end(std::vector<scrape::task_result>& results);
  bool all_known(std::span<const submission> tasks) const;
  void enter(const scrape::task_row& row, task_request request, bool urgent);
  void queue(window& own, const scrape::task_row& row, task_request request, bool urgent);
  void refill(const std::string& engine, window& of);
  void fail(const scrape::task_row& row, const std::string& why);
  void leave(std::int64_t number, const std::string& engine);

  const fetch::fetch_options& options_;
  const fetch::engine_pages& engines_;
  scrape::task_store_shared& store_;
  event_hub_shared& events_;
  const limits limits_;
  scrape::frontier_shared<fetch::job> jobs_;
  fetch::fetcher fetcher_;
  pipeline_type line_;
  std::unique_ptr<cluster_line_shared> cluster_;  // null: tasks are done here, by the line
  std::function<void(const task_end&)> on_end_;
  std::mutex submitting_;  // tasks enter in the order of their numbers
  mutable std::mutex mutex_;
  std::unordered_map<std::int64_t, live> live_;
  std::map<std::string, window> windows_;  // by engine
  bool stopped_ = false;
};

}  // namespace braid::serve
