#pragma once

#include <braid/core/clock.hpp>
#include <braid/runtime/awaitable.hpp>
#include <braid/scrape/proxy_pool.hpp>
#include <cstdint>
#include <string>

namespace braid::fetch {

/// Others that send requests through the same proxies: they are asked before each request, and told what came of it.
///
/// Threads: called on all contexts.
class proxy_peers {
 public:
  /// How a request left a proxy: with an answer, by a failure of the way, or in a manner that says nothing of it.
  enum class end : std::uint8_t { answered, failed, released };

  virtual ~proxy_peers() = default;

  /// How long not to send a request of this engine through it; zero: go, and a left() follows. Does not throw but for
  /// cancellation.
  virtual awaitable<duration> enter(const scrape::proxy_entry& which, const std::string& engine) = 0;
  virtual void left(const scrape::proxy_entry& which, end how) = 0;
  /// The engine wants nothing of it for so long.
  virtual void banned(const scrape::proxy_entry& which, const std::string& engine, duration time) = 0;
};

}  // namespace braid::fetch
