#include "fetcher.hpp"

#include <algorithm>
#include <braid/core/error.hpp>
#include <braid/http/disk_cache.hpp>
#include <braid/runtime/context.hpp>
#include <braid/runtime/sleep.hpp>
#include <random>
#include <utility>

namespace braid::fetch {
namespace {

constexpr auto failure = scrape::refusal::failure;
/// A job that has to wait longer for a proxy is another visit.
constexpr auto longest_wait_for_proxy = std::chrono::milliseconds(500);
constexpr std::size_t cache_bytes = std::size_t{4} << 30U;

http::client_options client_options_of(const fetch_options& options) {
  http::client_options client;
  client.timeouts.total = options.timeout;
  client.repeat_on_stale = options.repeats;
  if (!options.interface.empty()) client.local_address = net::endpoint::parse(options.interface, 0);
  client.max_connections_per_host = options.concurrency;
  client.max_connections = std::max<std::size_t>(client.max_connections, options.concurrency);
  if (!options.cache.empty()) {
    http::cache_limits limits;
    limits.bytes = cache_bytes;
    client.cache = std::make_shared<http::disk_cache>(options.cache, limits);
  }
  return client;
}

http::retry_policy policy_of(const fetch_options& options) {
  http::retry_options retry;
  retry.retries = options.retries;
  return http::retry_policy(retry);
}

target_options target_options_of(const fetch_options& options, const std::string& engine) {
  target_options target;
  const double rate = rate_of(options, engine);
  if (rate > 0) target.interval = std::chrono::duration_cast<duration>(std::chrono::duration<double>(1 / rate));
  if (options.adaptive_start) {
    target.adaptive.emplace();
    target.adaptive->start = *options.adaptive_start;
    target.adaptive->most = options.concurrency;
  }
  target.suspensions = suspensions_of(options, engine);
  target.patience = options.patience;
  return target;
}

double random_unit() {
  thread_local std::minstd_rand generator{std::random_device{}()};
  return std::uniform_real_distribution<double>(0, 1)(generator);
}

}  // namespace

verdict judge(int status, std::string_view page_kind, bool has_retry_after) {
  const bool retryable = http::is_retryable_status(status);
  if (retryable && has_retry_after) return verdict::try_again;
  if (outcome_of(page_kind) == outcome::blocked) return verdict::take;
  if (retryable) return verdict::try_again;
  if (status >= 400) return verdict::give_up;
  return verdict::take;
}

fetcher::fetcher(const fetch_options& options, const engine_pages& engines, scrape::frontier_shared<job>& jobs)
    : engines_(engines),
      timeout_(options.timeout),
      retries_(policy_of(options)),
      sticky_(options.sticky),
      proxies_(options.proxies, options.patience),
      client_(client_options_of(options)) {
  // All there are: a run that is continued may hold jobs for others than --engine names.
  for (const auto& engine : engines.engines()) {
    bans_[engine] = suspensions_of(options, engine);
    targets_[engine] = std::make_unique<target_shared>(engine, jobs, target_options_of(options, engine));
  }
  if (options.robots) robots_ = std::make_unique<scrape::robots_cache>(client_.options(), scrape::robots_options());
}

awaitable<scrape::gather_result<fetched_page>> fetcher::gather(job& what) {
  fetched_page page;
  auto& facts = page.facts;
  if (!what.begun) what.begun = std::chrono::system_clock::now();
  facts.created_at = *what.begun;
  facts.engine_url = what.url;
  if (const auto* here = context::of(co_await asio::this_coro::executor)) facts.context = here->index();
  if (robots_) co_await ask_robots(what, facts);
  if (!proxies_.empty()) {
    auto finding = find_proxy(what);
    const auto choice = co_await std::move(finding);
    if (choice.later) co_return scrape::gather_result<fetched_page>::later(*choice.later);
    if (!choice.which) co_return std::nullopt;
    facts.proxy = choice.which;
    facts.proxy_name = proxies_.name(*choice.which);
  }
  facts.attempts = ++what.attempts;
  auto& target = *targets_.at(what.engine);
  attempt result = co_await try_once(what, target, facts);
  const auto time = co_await now();
  if (result.page) {
    facts.answered = time;
    page.response = std::move(*result.page);
    co_return page;
  }
  if (result.refused) refused(what, facts, *result.refused, result.advice.retry_after, time);
  const auto wait = retries_.wait_after(facts.attempts, result.advice, random_unit());
  if (!wait) throw gather_error(std::move(facts), result.failure);
  co_return scrape::gather_result<fetched_page>::later(time + *wait);
}

/// One that the others agree to. Those that have to wait for their turn are passed over.
awaitable<proxies_shared::choice> fetcher::find_proxy(const job& what) {
  const auto session = sticky_ ? what.query : std::string();
  auto* const peers = proxies_.peers();
  const auto until = co_await now() + longest_wait_for_proxy;
  while (true) {
    const auto begin = co_await now();
    const auto choice = proxies_.pick(what.engine, session, begin);
    if (peers && choice.later && *choice.later < until) {
      co_await sleep_for(*choice.later - begin);
      continue;
    }
    if (!peers || !choice.which) co_return choice;
    duration wait{};
    try {
      auto entering = peers->enter(proxies_.entry(*choice.which), what.engine);
      wait = co_await std::move(entering);
    } catch (...) {
      proxies_.released(*choice.which);
      throw;
    }
    if (wait == duration::zero()) co_return choice;
    proxies_.hold(*choice.which, what.engine, begin + wait);
  }
}

awaitable<void> fetcher::ask_robots(const job& what, const request_facts& facts) {
  const auto address = url::parse(what.url);
  const bool allowed = co_await robots_->allows(address);
  if (allowed) co_return;
  const robots_refusal refusal("GET " + what.url + ": " + address.origin() + "/robots.txt does not allow it");
  throw gather_error(facts, std::make_exception_ptr(refusal));
}

awaitable<fetcher::attempt> fetcher::try_once(const job& what, target_shared& target, request_facts& facts) {
  attempt result;
  const auto started = co_await now();
  target.sent();
  tally_.began(what.engine, facts.proxy_name);
  try {
    http::request request("GET", what.url);
    request.timeout(timeout_);
    if (facts.proxy) request.proxy(proxies_.settings(*facts.proxy));
    engines_.prepare(what, request);
    http::response response = co_await client_.send(std::move(request));
    facts.http_status = response.status();
    facts.final_url = response.url().str();
    facts.from_cache = response.from_cache();
    const auto retry_after = http::asked_to_wait(response.headers(), std::chrono::system_clock::now());
    // Looked at here only where it decides something: good pages are looked at by the parser.
    const std::string kind = response.status() < 400 ? std::string() : engines_.page_kind(what, response);
    const auto decision = judge(response.status(), kind, retry_after.has_value());
    if (decision == verdict::take) {
      result.page = std::move(response);
    } else {
      result.advice.retryable = decision == verdict::try_again;
      result.advice.retry_after = retry_after;
      result.failure = std::make_exception_ptr(
          status_error(response.status(), "GET " + what.url + ": the answer was " + std::to_string(response.status())));
      if (result.advice.retryable) result.refused = refusal_of(response.status(), kind, {}).value_or(failure);
    }
  } catch (...) {
    result.failure = std::current_exception();
    result.advice.retryable = http::is_retryable(result.failure);
    if (result.advice.retryable) result.refused = failure;
  }
  const bool answered = facts.http_status != 0;
  if (is_cancelled(result.failure)) {
    target.cancelled();
    tally_.ended(what.engine, facts.proxy_name, duration::zero(), false);
    std::rethrow_exception(result.failure);
  }
  const auto ended = co_await now();
  tally_.ended(what.engine, facts.proxy_name, ended - started, answered);
  if (told_) told_(what, facts, ended - started, result.failure);
  // What the cache had says nothing of the engine, nor of the proxy.
  if (facts.from_cache) {
    target.cancelled();
    if (facts.proxy) proxies_.released(*facts.proxy);
    co_return result;
  }
  target.over(started, ended, result.refused.has_value());
  if (facts.proxy && answered) proxies_.answered(*facts.proxy, ended);
  if (facts.proxy && !answered) proxies_.failed(*facts.proxy, result.failure, ended);
  co_return result;
}

void fetcher::parsed(const job& what, const request_facts& facts, const record& made) {
  auto& target = *targets_.at(what.engine);
  if (made.what == outcome::success) target.answered();
  const auto kind = refusal_of(facts.http_status, made.page_kind, made.evidence);
  if (kind) refused(what, facts, *kind, std::nullopt, facts.answered);
}

void fetcher::refused(const job& what, const request_facts& facts, scrape::refusal kind,
                      std::optional<duration> retry_after, time_point now) {
  if (!facts.proxy) {
    targets_.at(what.engine)->refused(kind, retry_after, now);
  } else if (kind != failure) {
    proxies_.ban(*facts.proxy, what.engine, bans_.at(what.engine).after(kind, retry_after), now);
  }
}

std::string fetcher::take_notes() {
  std::string text;
  for (const auto& [engine, target] : targets_) text += target->take_notes();
  return text;
}

std::vector<target_shared::health> fetcher::engine_health(time_point now) const {
  std::vector<target_shared::health> all;
  for (const auto& [engine, target] : targets_) all.push_back(target->state(now));
  return all;
}

std::string fetcher::summary() const {
  std::string text;
  for (const auto& [engine, target] : targets_) text += target->summary();
  return text + proxies_.summary();
}

}  // namespace braid::fetch
