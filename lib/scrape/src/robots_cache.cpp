#include <algorithm>
#include <braid/core/error.hpp>
#include <braid/runtime/sleep.hpp>
#include <braid/runtime/timeout.hpp>
#include <braid/scrape/robots_cache.hpp>
#include <utility>

namespace braid::scrape {
namespace {

http::client_options client_options_of(http::client_options options, const robots_options& bounds) {
  options.limits.redirects = bounds.redirects;
  options.follow_redirects = true;
  return options;
}

}  // namespace

robots_verdict judge_robots(int status, const robots_options& options) {
  using source = robots_verdict::source;
  if (status >= 200 && status < 300) return robots_verdict(source::file, options.keep);
  if (status >= 300 && status < 500 && status != 429) return robots_verdict(source::none, options.keep);
  return robots_verdict(source::unreachable, std::min(options.retry, options.keep));
}

robots_cache::robots_cache(http::client_options options, const robots_options& bounds)
    : bounds_(bounds),
      agent_(product_token(options.user_agent)),
      client_(client_options_of(std::move(options), bounds)) {}

awaitable<bool> robots_cache::allows(const url& address) {
  const auto found = co_await rules(address);
  co_return found->allows(address.target());
}

awaitable<robots_cache::rules_pointer> robots_cache::rules(const url& address) {
  auto origin = address.origin();
  while (true) {
    const auto now = co_await braid::now();
    rules_pointer before;
    std::shared_ptr<latch> asking;
    bool mine = false;
    {
      const std::lock_guard lock(mutex_);
      if (!entries_.contains(origin)) make_room();
      auto& own = entries_[origin];
      if (now < own.until) co_return own.rules;
      before = own.rules;
      mine = own.asking == nullptr;
      if (mine) own.asking = std::make_shared<latch>(1);
      asking = own.asking;
    }
    if (mine) {
      co_await ask(origin, std::move(before), std::move(asking));
    } else {
      co_await asking->receive();
    }
  }
}

/// Whichever way it ends, those who wait look again.
awaitable<void> robots_cache::ask(std::string origin, rules_pointer before, std::shared_ptr<latch> asking) {
  entry answer;
  std::exception_ptr failure;
  try {
    answer = co_await fetch(origin, before);
  } catch (...) {
    failure = std::current_exception();
    answer.rules = std::move(before);
  }
  {
    const std::lock_guard lock(mutex_);
    entries_[origin] = std::move(answer);
  }
  asking->close();
  if (failure) std::rethrow_exception(failure);
}

awaitable<robots_cache::entry> robots_cache::fetch(const std::string& origin, const rules_pointer& before) {
  file got;
  std::exception_ptr failure;
  try {
    got = co_await with_timeout(bounds_.timeout, get(origin), "robots.txt");
  } catch (const redirect_error&) {
    got.status = 300;
  } catch (...) {
    failure = std::current_exception();
  }
  if (is_cancelled(failure)) std::rethrow_exception(failure);
  const auto verdict = judge_robots(got.status, bounds_);
  entry answer;
  answer.until = co_await now() + verdict.keep;
  switch (verdict.from) {
    case robots_verdict::source::file:
      answer.rules = std::make_shared<const robots_rules>(robots_rules::parse(got.text, agent_));
      break;
    case robots_verdict::source::none:
      answer.rules = std::make_shared<const robots_rules>();
      break;
    case robots_verdict::source::unreachable:
      answer.rules = before ? before : std::make_shared<const robots_rules>(robots_rules::nothing());
      break;
  }
  co_return answer;
}

awaitable<robots_cache::file> robots_cache::get(std::string origin) {
  file got;
  http::request request("GET", origin + "/robots.txt");
  auto answer = co_await client_.stream(std::move(request));
  while (answer.ok() && got.text.size() < bounds_.bytes) {
    const auto piece = co_await answer.read_some();
    if (piece.empty()) break;
    got.text.append(piece.substr(0, bounds_.bytes - got.text.size()));
  }
  got.status = answer.status();
  co_return got;
}

/// The mutex is held. An origin that is being asked stays.
void robots_cache::make_room() {
  if (entries_.size() < bounds_.origins) return;
  auto oldest = entries_.end();
  for (auto at = entries_.begin(); at != entries_.end(); ++at) {
    if (at->second.asking) continue;
    if (oldest == entries_.end() || at->second.until < oldest->second.until) oldest = at;
  }
  if (oldest != entries_.end()) entries_.erase(oldest);
}

std::size_t robots_cache::origins() const {
  const std::lock_guard lock(mutex_);
  return entries_.size();
}

}  // namespace braid::scrape
