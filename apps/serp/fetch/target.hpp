#pragma once

#include <braid/scrape/concurrency_limit.hpp>
#include <braid/scrape/frontier.hpp>
#include <braid/scrape/suspension.hpp>
#include <cstddef>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "job.hpp"
#include "run_history.hpp"

namespace braid::fetch {

/// Whether a page that is none, or the way to it, means that its engine is to be left alone: from its status, its kind
/// and what showed it. Nothing for pages that another request would not change.
std::optional<scrape::refusal> refusal_of(int status, std::string_view page_kind, std::string_view evidence);

struct target_options {
  target_options() = default;

  duration interval{};                            ///< between two requests
  std::optional<scrape::limit_options> adaptive;  ///< else there is no limit but that of the run
  scrape::suspension_times suspensions = scrape::suspension_times::off();
  duration patience = std::chrono::minutes(10);  ///< of a suspension; a longer one leaves the jobs undone
};

/// What a run learns about an engine: how many requests it takes at once, and whether it wants to be left alone. Tells
/// the engine's lane of the frontier.
///
/// Threads: shared by all contexts.
class target_shared {
 public:
  target_shared(std::string engine, scrape::frontier_shared<job>& jobs, const target_options& options);

  scrape::lanes::id lane() const noexcept { return lane_; }

  void sent();
  /// Whatever came of it; a request that was cancelled says nothing.
  void over(time_point started, time_point now, bool overload);
  void cancelled();
  void refused(scrape::refusal kind, std::optional<duration> retry_after, time_point now);
  void answered();

  /// How an engine is, for who looks.
  struct health {
    health() = default;
    std::string engine;
    std::size_t under_way = 0;
    std::size_t suspensions = 0;  ///< so far
    duration suspended_for{};     ///< from now on; zero: it is asked
    std::string_view reason;      ///< of the last suspension; empty without one
  };
  health state(time_point now) const;

  /// What there is to tell the user since the last call: lines, or nothing.
  std::string take_notes();
  std::uint64_t suspensions() const;
  /// Requests at once; 0 where no limit adapts.
  std::size_t limit() const;
  /// Has `hook` told of holds, which are then none of the frontier's: others ask the engine as well. Before the run;
  /// called under a lock.
  void on_hold(std::function<void(const std::string& engine, duration time, time_point now)> hook) {
    on_hold_ = std::move(hook);
  }
  /// How the limit came to be what it is; empty where none adapts.
  std::vector<limit_change> limit_changes() const;
  /// What it came to in the end: lines, or nothing.
  std::string summary() const;

 private:
  const std::string engine_;
  scrape::frontier_shared<job>& jobs_;
  const target_options options_;
  const scrape::lanes::id lane_;
  std::function<void(const std::string&, duration, time_point)> on_hold_;
  mutable std::mutex mutex_;
  scrape::suspension suspension_;
  std::optional<scrape::concurrency_limit> limit_;
  limit_history changes_;
  std::size_t under_way_ = 0;
  bool given_up_ = false;
  std::string notes_;
};

}  // namespace braid::fetch
