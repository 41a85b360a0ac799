#include "proxy_circle.hpp"

#include <braid/core/error.hpp>
#include <braid/runtime/run_on.hpp>
#include <braid/runtime/sleep.hpp>
#include <utility>

namespace braid::worker {
namespace {

constexpr auto after_failure = std::chrono::milliseconds(500);
constexpr std::size_t most_words = 4096;

}  // namespace

proxy_circle_shared::proxy_circle_shared(scrape::redis_proxies& proxies, context& home, note tell)
    : proxies_(proxies), home_(home), note_(std::move(tell)) {}

awaitable<scrape::redis_proxy_turn> proxy_circle_shared::ask(std::string proxy, std::string engine, double rate) {
  // Both live in this frame, which outlives the call.
  auto asking = run_on(home_, [&] { return proxies_.enter(proxy, engine, rate); });
  co_return co_await std::move(asking);
}

awaitable<duration> proxy_circle_shared::enter(const scrape::proxy_entry& which, const std::string& engine) {
  const auto name = scrape::redis_proxies::name_of(which);
  std::string failure;
  try {
    auto asking = ask(name, engine, which.rate);
    const auto turn = co_await std::move(asking);
    if (turn.wait.count() > 0) co_return turn.wait;
    set_suspect(name, turn.is_suspect);
    co_return duration::zero();
  } catch (const error& e) {
    failure = e.what();
  }
  bool first = false;
  {
    const std::lock_guard lock(mutex_);
    first = !std::exchange(lost_, true);
  }
  if (first) note_(failure + "; proxies rest meanwhile");
  co_return after_failure;
}

void proxy_circle_shared::set_suspect(const std::string& proxy, bool yes) {
  const std::lock_guard lock(mutex_);
  lost_ = false;
  if (yes) {
    suspects_.insert(proxy);
  } else {
    suspects_.erase(proxy);
  }
}

void proxy_circle_shared::left(const scrape::proxy_entry& which, end how) {
  word what;
  what.proxy = scrape::redis_proxies::name_of(which);
  what.how = how;
  {
    // An answer through one that nobody suspects is what is to be expected: it costs no message.
    const std::lock_guard lock(mutex_);
    if (how != end::failed && suspects_.count(what.proxy) == 0) return;
  }
  add(std::move(what));
}

void proxy_circle_shared::banned(const scrape::proxy_entry& which, const std::string& engine, duration time) {
  word what;
  what.proxy = scrape::redis_proxies::name_of(which);
  what.banned_by = engine;
  what.time = time;
  add(std::move(what));
}

void proxy_circle_shared::add(word what) {
  {
    const std::lock_guard lock(mutex_);
    if (words_.size() == most_words) words_.pop_front();
    words_.push_back(std::move(what));
  }
  news_.try_send('\0');
}

awaitable<void> proxy_circle_shared::tell_all() {
  while (true) {
    word next;
    bool any = false;
    {
      const std::lock_guard lock(mutex_);
      any = !words_.empty();
      if (any) {
        next = std::move(words_.front());
        words_.pop_front();
      }
    }
    if (!any) {
      co_await news_.receive();
      continue;
    }
    bool failed = false;
    try {
      auto telling = tell(next);
      co_await std::move(telling);
    } catch (const error&) {
      failed = true;
    }
    if (!failed) continue;
    {
      const std::lock_guard lock(mutex_);
      words_.push_front(std::move(next));
    }
    co_await sleep_for(after_failure);
  }
}

awaitable<void> proxy_circle_shared::tell(const word& what) {
  if (!what.banned_by.empty()) {
    return proxies_.ban(what.proxy, what.banned_by, std::chrono::ceil<std::chrono::milliseconds>(what.time));
  }
  if (what.how == end::answered) return proxies_.answered(what.proxy);
  if (what.how == end::failed) return proxies_.failed(what.proxy);
  return proxies_.released(what.proxy);
}

}  // namespace braid::worker
