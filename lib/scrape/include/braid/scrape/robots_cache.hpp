#pragma once

#include <braid/core/clock.hpp>
#include <braid/core/url.hpp>
#include <braid/http/client.hpp>
#include <braid/runtime/awaitable.hpp>
#include <braid/runtime/shared_channel.hpp>
#include <braid/scrape/robots.hpp>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace braid::scrape {

/// Bounds of a robots_cache; RFC 9309 gives the first three.
struct robots_options {
  duration keep = std::chrono::hours(24);    ///< how long rules hold (2.4)
  std::size_t bytes = 500 * 1024;            ///< of a robots.txt that count; what follows is not read (2.5)
  unsigned redirects = 5;                    ///< followed, to other hosts too (2.3.1.2); one more: there are no rules
  duration retry = std::chrono::minutes(5);  ///< after which an origin that could not be asked is asked again
  duration timeout = std::chrono::seconds(30);  ///< for all of it
  std::size_t origins = 10'000;                 ///< remembered; beyond that the oldest are forgotten

  robots_options() = default;
};

/// What an answer to GET /robots.txt means, and for how long.
struct robots_verdict {
  enum class source { file, none, unreachable };

  robots_verdict() = default;
  robots_verdict(source what, duration time) : from(what), keep(time) {}

  source from = source::none;
  duration keep{};
};

/// RFC 9309, 2.3.1: 2xx is a file; 4xx, or a redirect that leads nowhere, says that there is none, so that everything
/// is allowed; 5xx, or no answer at all (status 0), that nothing may be asked for now. 429 counts among the latter: it
/// asks for less, not for more.
robots_verdict judge_robots(int status, const robots_options& options);

/// The robots.txt of each origin, asked for once and then remembered.
///
///     robots_cache robots(http::client_options(), robots_options());
///     if (co_await robots.allows(address)) ...
///
/// Where an origin cannot be asked any more, the rules it last gave go on to hold.
///
/// Threads: shared by all contexts: whoever comes first asks, the others wait for the answer.
/// Cancellation: of the one that asks: the next of those that wait asks instead.
/// Errors: none of its own: what cannot be had is a verdict.
/// Lifetime: outlives those who wait in it.
class robots_cache {
 public:
  /// `options` are those the pages are asked for with: User-Agent, proxies, timeouts; their limits on redirects and
  /// bodies are replaced. The crawler's name is the product token of its User-Agent.
  robots_cache(http::client_options options, const robots_options& bounds);

  awaitable<bool> allows(const url& address);
  /// The rules of the address's origin.
  awaitable<std::shared_ptr<const robots_rules>> rules(const url& address);

  std::size_t origins() const;

 private:
  using rules_pointer = std::shared_ptr<const robots_rules>;
  using latch = shared_channel<int>;

  struct entry {
    rules_pointer rules;
    time_point until = time_point::min();
    std::shared_ptr<latch> asking;  // closed when the answer is there
  };

  awaitable<void> ask(std::string origin, rules_pointer before, std::shared_ptr<latch> asking);
  struct file {
    file() = default;
    int status = 0;  // 0: no answer
    std::string text;
  };

  awaitable<entry> fetch(const std::string& origin, const rules_pointer& before);
  awaitable<file> get(std::string origin);
  void make_room();

  const robots_options bounds_;
  const std::string agent_;
  const http::client client_;
  mutable std::mutex mutex_;
  std::unordered_map<std::string, entry> entries_;
};

}  // namespace braid::scrape
