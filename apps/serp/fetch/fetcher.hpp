#pragma once

#include <braid/http/client.hpp>
#include <braid/http/retry.hpp>
#include <braid/runtime/awaitable.hpp>
#include <braid/scrape/frontier.hpp>
#include <braid/scrape/pacer.hpp>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "engine_pages.hpp"
#include "job.hpp"
#include "options.hpp"
#include "page_record.hpp"

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

/// The gather stage: politeness, attempts, back-off.
///
/// Threads: one fetcher for all contexts; the client keeps its connections by context.
class fetcher {
 public:
  /// Lifetime: refers to the frontier, which tells when the run is stopped, and to the engines.
  fetcher(const fetch_options& options, const engine_pages& engines, const scrape::frontier_shared<job>& jobs);

  /// Nothing when the run was stopped while the job waited for its turn or its next attempt.
  ///
  /// Throws: gather_error when no attempt brought a page.
  awaitable<std::optional<fetched_page>> gather(const job& what);

 private:
  /// What one attempt came to: a page, or why not and when to ask again.
  struct attempt {
    attempt() = default;
    std::optional<http::response> page;
    std::exception_ptr failure;
    http::failed_attempt advice;
  };

  awaitable<attempt> try_once(const job& what, request_facts& facts);
  /// False when the run was stopped before.
  awaitable<bool> wait_until(time_point when);

  const engine_pages& engines_;
  const scrape::frontier_shared<job>& jobs_;
  std::chrono::nanoseconds timeout_;
  http::retry_policy retries_;
  std::map<std::string, std::unique_ptr<scrape::pacer_shared>> pacers_;
  http::client client_;
};

}  // namespace braid::fetch
