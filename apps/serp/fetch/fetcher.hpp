#pragma once

#include <braid/http/client.hpp>
#include <braid/http/retry.hpp>
#include <braid/runtime/awaitable.hpp>
#include <braid/scrape/frontier.hpp>
#include <braid/scrape/pipeline.hpp>
#include <braid/scrape/robots_cache.hpp>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine_pages.hpp"
#include "job.hpp"
#include "options.hpp"
#include "page_record.hpp"
#include "proxies.hpp"
#include "record.hpp"
#include "run_tally.hpp"
#include "target.hpp"

namespace braid::fetch {

/// What an answer means for its job.
enum class verdict : std::uint8_t {
  take,       ///< a page to parse, be it one that says "blocked"
  try_again,  ///< overloaded or rate limited
  give_up,
};

/// A page that says "blocked" is taken as it is: asking again would not help and is not polite. A refusal that says
/// when to come back is no block.
verdict judge(int status, std::string_view page_kind, bool has_retry_after);

/// The gather stage: robots.txt, attempts, back-off, and what they tell of the engines.
///
/// Threads: one fetcher for all contexts; the client keeps its connections by context.
class fetcher {
 public:
  /// Adds the engines' lanes to the frontier. Lifetime: refers to it and to the engines.
  fetcher(const fetch_options& options, const engine_pages& engines, scrape::frontier_shared<job>& jobs);

  /// One attempt; the next one is a later visit.
  ///
  /// Throws: gather_error when no attempt brought a page.
  awaitable<scrape::gather_result<fetched_page>> gather(job& what);

  /// What the parser made of a page: a block suspends its engine.
  void parsed(const job& what, const request_facts& facts, const record& made);

  /// As target_shared has it, for all engines.
  void on_hold(const std::function<void(const std::string& engine, duration time, time_point now)>& hook) {
    for (const auto& [engine, target] : targets_) target->on_hold(hook);
  }
  scrape::lanes::id lane_of(const std::string& engine) const { return targets_.at(engine)->lane(); }
  /// As target_shared has them, of all engines.
  std::string take_notes();
  std::string summary() const;
  /// How the engines are, by name.
  std::vector<target_shared::health> engine_health(time_point now) const;

  /// Called after each request, on its context. Before the first one.
  using attempt_hook =
      std::function<void(const job&, const request_facts&, duration time, const std::exception_ptr& failure)>;
  void on_attempt(attempt_hook hook) { told_ = std::move(hook); }

  /// As proxies_shared has it.
  void share_proxies(proxy_peers& peers) { proxies_.share_with(peers); }

  run_tally_shared& tally() noexcept { return tally_; }
  const run_tally_shared& tally() const noexcept { return tally_; }
  /// Null for an engine that has no definition.
  const target_shared* target(const std::string& engine) const {
    const auto found = targets_.find(engine);
    return found == targets_.end() ? nullptr : found->second.get();
  }
  std::vector<scrape::proxy_pool::report> proxies() const { return proxies_.reports(); }

 private:
  /// What one attempt came to: a page, or why not and when to ask again.
  struct attempt {
    attempt() = default;
    std::optional<http::response> page;
    std::exception_ptr failure;
    http::failed_attempt advice;
    std::optional<scrape::refusal> refused;  ///< also a sign of overload
  };

  /// An engine's refusal concerns the proxy it came through, or else the whole run.
  void refused(const job& what, const request_facts& facts, scrape::refusal kind, std::optional<duration> retry_after,
               time_point now);
  awaitable<proxies_shared::choice> find_proxy(const job& what);
  awaitable<attempt> try_once(const job& what, target_shared& target, request_facts& facts);
  /// Throws gather_error with a robots_refusal.
  awaitable<void> ask_robots(const job& what, const request_facts& facts);

  const engine_pages& engines_;
  std::chrono::nanoseconds timeout_;
  http::retry_policy retries_;
  const bool sticky_;
  std::map<std::string, std::unique_ptr<target_shared>> targets_;
  std::map<std::string, scrape::suspension_times> bans_;  // of proxies, by engine
  proxies_shared proxies_;
  run_tally_shared tally_;
  attempt_hook told_;
  http::client client_;
  std::unique_ptr<scrape::robots_cache> robots_;  // null: nobody asks
};

}  // namespace braid::fetch
