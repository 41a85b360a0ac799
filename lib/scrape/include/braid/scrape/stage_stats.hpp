#pragma once

#include <array>
#include <atomic>
#include <braid/core/clock.hpp>
#include <braid/measure/histogram.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace braid::scrape {

/// The three stages of data collection. Each can be what holds the work up.
enum class stage : std::uint8_t { gather, parse, save };
inline constexpr std::size_t stage_count = 3;
std::string_view to_string(stage which) noexcept;

/// Where one item has spent its time so far.
struct item_times {
  time_point begin{};  ///< a gatherer took the job
  time_point ready{};  ///< when it became ready for the stage it waits for or is in
  duration gather{};   ///< retries and politeness included
  duration wait_for_parse{};
  duration parse{};
  duration wait_for_save{};
};

/// A stage at one moment.
struct stage_counts {
  std::uint64_t waiting = 0;  ///< in front of it
  std::uint64_t in_flight = 0;
  std::uint64_t done = 0;  ///< failed ones too
  std::uint64_t failed = 0;
  duration time{};  ///< that those which are done took, together
};

/// A stage over the whole run, all contexts together. Nanoseconds.
struct stage_report {
  stage_counts counts;
  measure::histogram time;
  measure::histogram wait;  ///< in the queue in front of the stage
};

/// Counters of a running pipeline: each context writes its own, anyone may read the sum.
///
/// Threads: enter/leave on the context; counts() anywhere; report() when the run is over.
class stage_stats {
 public:
  explicit stage_stats(unsigned contexts);

  void enqueue(unsigned context, stage which) { add(cell(context, which).waiting, 1); }
  void enter(unsigned context, stage which, duration waited, bool was_queued = true);
  void leave(unsigned context, stage which, duration time, bool failed);
  /// As leave(), for an item that came to nothing and counts as nothing.
  void abandon(unsigned context, stage which) { add(cell(context, which).in_flight, -1); }

  stage_counts counts(stage which) const;
  stage_report report(stage which) const;

 private:
  struct counters {
    std::atomic<std::int64_t> waiting = 0;
    std::atomic<std::int64_t> in_flight = 0;
    std::atomic<std::int64_t> done = 0;
    std::atomic<std::int64_t> failed = 0;
    std::atomic<std::int64_t> nanoseconds = 0;
    measure::histogram time;
    measure::histogram wait;
  };
  struct alignas(64) row {
    std::array<counters, stage_count> stages;
  };

  // An item may be queued by one context and taken by another, so a cell can be negative; the sum is not.
  static void add(std::atomic<std::int64_t>& counter, std::int64_t by) {
    counter.fetch_add(by, std::memory_order_relaxed);
  }
  counters& cell(unsigned context, stage which) { return rows_[context]->stages[static_cast<std::size_t>(which)]; }

  std::vector<std::unique_ptr<row>> rows_;
};

}  // namespace braid::scrape
