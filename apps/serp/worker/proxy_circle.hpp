#pragma once

#include <braid/runtime/awaitable.hpp>
#include <braid/runtime/context.hpp>
#include <braid/runtime/shared_channel.hpp>
#include <braid/scrape/redis_proxies.hpp>
#include <deque>
#include <functional>
#include <mutex>
#include <set>
#include <string>

#include "../fetch/proxy_peers.hpp"

namespace braid::worker {

/// What all workers of a queue know of their proxies, by way of Redis. While Redis cannot be reached nothing goes
/// through a proxy, and the latest of what there is to tell is kept.
///
/// Threads: shared by all contexts; the connection of `proxies` lives on `home`. Lifetime: refers to both.
class proxy_circle_shared : public fetch::proxy_peers {
 public:
  using note = std::function<void(const std::string& line)>;

  proxy_circle_shared(scrape::redis_proxies& proxies, context& home, note tell);

  awaitable<duration> enter(const scrape::proxy_entry& which, const std::string& engine) override;
  void left(const scrape::proxy_entry& which, end how) override;
  void banned(const scrape::proxy_entry& which, const std::string& engine, duration time) override;

  /// Until cancelled; on `home`.
  awaitable<void> tell_all();

 private:
  struct word {
    word() = default;
    std::string proxy;
    end how = end::answered;
    std::string banned_by;  // an engine; empty: no ban
    duration time{};
  };

  awaitable<scrape::redis_proxy_turn> ask(std::string proxy, std::string engine, double rate);
  awaitable<void> tell(const word& what);
  void add(word what);
  void set_suspect(const std::string& proxy, bool yes);

  scrape::redis_proxies& proxies_;
  context& home_;
  const note note_;
  std::mutex mutex_;
  std::set<std::string> suspects_;  // that an answer is worth telling of
  std::deque<word> words_;
  bool lost_ = false;
  shared_channel<char> news_{1};
};

}  // namespace braid::worker
