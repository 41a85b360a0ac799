#pragma once

#include <atomic>
#include <braid/core/clock.hpp>
#include <braid/measure/histogram.hpp>
#include <braid/measure/timeline.hpp>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace braid::bench {

/// What one thread has done.
struct alignas(64) tally {
  measure::histogram latency;  ///< request sent to page received, as the task sees it; of requests that succeeded
  measure::histogram parse;    ///< page to record, where pages are parsed
  std::uint64_t bytes = 0;     ///< of pages
  std::uint64_t records = 0;   ///< results found in them
  std::uint64_t saved_bytes = 0;
  std::map<std::string, std::uint64_t> failures;  ///< by code
  std::uint64_t named_failures = 0;               ///< whose message has the URL
  std::map<std::string, std::string> examples;    ///< the first message of each code
  std::unique_ptr<measure::span_log> spans;       ///< null unless the run is recorded

  void failed(const std::string& code, const std::string& message);
  std::uint64_t failed_requests() const;
  void merge(const tally& other);

  /// Requests finished, well or not. The one field that others read while the mode runs: for the progress line.
  std::atomic<std::uint64_t> done{0};
  void count_done() { done.store(done.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed); }
};

/// The tallies of all threads of a mode.
///
/// Threads: any. Each thread writes to its own tally without locks; sum() is for when all of them have ended.
class tallies_shared {
 public:
  /// `recorded_spans`: how many of each thread are kept for the timeline; none: nothing is recorded.
  explicit tallies_shared(std::size_t recorded_spans = 0);

  /// When the run began: what spans count from.
  time_point begin() const { return begin_; }

  /// The tally of the calling thread. Ask again after each co_await: where one io_context is run by several threads, a
  /// coroutine may go on in another one. (Never inlined into a coroutine, where a compiler may keep the address of a
  /// thread_local across the suspension.)
  tally& of_this_thread();

  std::uint64_t done() const;
  void sum_into(tally& total) const;
  /// A lane for each thread, called `name` and a number.
  measure::timeline timeline_of(const std::string& name, std::vector<std::string> phases) const;

 private:
  const time_point begin_ = clock::now();
  const std::size_t recorded_spans_;
  const std::uint64_t id_;  ///< told apart from an earlier object at the same address
  mutable std::mutex mutex_;
  std::vector<std::unique_ptr<tally>> all_;
};

}  // namespace braid::bench
