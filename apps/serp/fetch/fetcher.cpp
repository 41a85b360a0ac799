#include "fetcher.hpp"

#include <algorithm>
#include <braid/core/error.hpp>
#include <braid/runtime/context.hpp>
#include <braid/runtime/sleep.hpp>
#include <random>
#include <utility>

namespace braid::fetch {
namespace {

using namespace std::chrono_literals;

/// How soon a job that waits for its turn notices that the run is being stopped.
constexpr auto patience = 100ms;

http::client_options client_options_of(const fetch_options& options) {
  http::client_options client;
  client.timeouts.total = options.timeout;
  client.max_connections_per_host = options.concurrency;
  client.max_connections = std::max<std::size_t>(client.max_connections, options.concurrency);
  return client;
}

http::retry_policy policy_of(const fetch_options& options) {
  http::retry_options retry;
  retry.retries = options.retries;
  return http::retry_policy(retry);
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

fetcher::fetcher(const fetch_options& options, const engine_pages& engines, const scrape::frontier_shared<job>& jobs)
    : engines_(engines),
      jobs_(jobs),
      timeout_(options.timeout),
      retries_(policy_of(options)),
      client_(client_options_of(options)) {
  for (const auto& engine : options.engines) {
    const double rate = rate_of(options, engine);
    const auto interval =
        rate > 0 ? std::chrono::duration_cast<duration>(std::chrono::duration<double>(1 / rate)) : duration::zero();
    pacers_[engine] = std::make_unique<scrape::pacer_shared>(interval);
  }
}

awaitable<std::optional<fetched_page>> fetcher::gather(const job& what) {
  fetched_page page;
  auto& facts = page.facts;
  facts.created_at = std::chrono::system_clock::now();
  facts.engine_url = what.url;
  if (const auto* here = context::of(co_await asio::this_coro::executor)) facts.context = here->index();
  auto& pacer = *pacers_.at(what.engine);
  while (true) {
    const auto turn = pacer.reserve(co_await now());
    if (!co_await wait_until(turn)) co_return std::nullopt;
    ++facts.attempts;
    attempt result = co_await try_once(what, facts);
    if (result.page) {
      page.response = std::move(*result.page);
      co_return page;
    }
    const auto wait = retries_.wait_after(facts.attempts, result.advice, random_unit());
    if (!wait) throw gather_error(std::move(facts), result.failure);
    const auto next = co_await now() + *wait;
    if (!co_await wait_until(next)) co_return std::nullopt;
  }
}

awaitable<fetcher::attempt> fetcher::try_once(const job& what, request_facts& facts) {
  attempt result;
  facts.http_status = 0;
  facts.final_url.clear();
  try {
    http::request request("GET", what.url);
    request.timeout(timeout_);
    engines_.prepare(what, request);
    http::response response = co_await client_.send(std::move(request));
    facts.http_status = response.status();
    facts.final_url = response.url().str();
    const auto retry_after = http::asked_to_wait(response.headers(), std::chrono::system_clock::now());
    // Looked at here only where it decides something: good pages are looked at by the parser.
    const std::string kind = response.status() < 400 ? std::string() : engines_.page_kind(what, response);
    const auto decision = judge(response.status(), kind, retry_after.has_value());
    if (decision == verdict::take) {
      result.page = std::move(response);
      co_return result;
    }
    result.advice.retryable = decision == verdict::try_again;
    result.advice.retry_after = retry_after;
    result.failure = std::make_exception_ptr(
        status_error(response.status(), "GET " + what.url + ": the answer was " + std::to_string(response.status())));
  } catch (...) {
    result.failure = std::current_exception();
    result.advice.retryable = http::is_retryable(result.failure);
  }
  if (is_cancelled(result.failure)) std::rethrow_exception(result.failure);
  co_return result;
}

awaitable<bool> fetcher::wait_until(time_point when) {
  while (true) {
    const auto left = when - co_await now();
    if (left <= duration::zero()) co_return true;
    if (jobs_.stopped()) co_return false;
    co_await sleep_for(std::min<duration>(left, patience));
  }
}

}  // namespace braid::fetch
