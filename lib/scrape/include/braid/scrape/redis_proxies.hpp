#pragma once

#include <braid/runtime/awaitable.hpp>
#include <braid/scrape/proxy_pool.hpp>
#include <braid/scrape/redis.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace braid::scrape {

struct redis_proxies_options {
  redis_proxies_options() = default;

  std::string queue = "serp";               ///< workers of one queue on one server share their proxies
  proxy_pool_options health;                ///< when a proxy is ejected, and for how long
  std::chrono::milliseconds probe{60'000};  ///< then another probe may follow one that nobody told the end of
  std::chrono::milliseconds burst{20};      ///< of a proxy's rate: tokens that may be saved up, at least one
  std::chrono::hours remember{24 * 7};      ///< for so long an unused proxy is known
};

/// Whether a request may go through a proxy.
struct redis_proxy_turn {
  redis_proxy_turn() = default;

  std::chrono::milliseconds wait{};  ///< zero: it may, now; else not for so long
  bool is_probe = false;
  bool is_suspect = false;  ///< it failed lately: an answer through it is worth telling
};

/// What is known of a proxy.
struct redis_proxy_report {
  redis_proxy_report() = default;

  std::string name;
  std::chrono::milliseconds ejected{};  ///< for so long; zero: it can be used
  std::uint64_t ejections = 0;          ///< so far
  bool is_suspect = false;
};

/// What the workers of a queue know together of their proxies: the rate of each, which of them are dead, which an
/// engine has banned. The rules are proxy_pool's, but for all workers, by the server's clock: a proxy that one finds
/// dead is left alone by all, and comes back when the probe of one has gone through it.
///
/// Each call is one script on the server. Throws: as redis_connection. Threads, lifetime: as the connection's, which it
/// uses. Cancellation: closes the connection.
class redis_proxies {
 public:
  explicit redis_proxies(redis_connection& redis, redis_proxies_options options = redis_proxies_options());
  ~redis_proxies();

  /// What a proxy is called there: without its password, and with a digest of its user, where it has one.
  static std::string name_of(const proxy_entry& which);

  /// Takes a token of its rate (requests a second over all workers; 0: no limit), and the probe's place if it needs
  /// one.
  awaitable<redis_proxy_turn> enter(std::string name, std::string target, double rate);

  /// What came of it: an answer, whatever it said; a failure of the way there; or nothing that says anything of it.
  awaitable<void> answered(std::string name);
  awaitable<void> failed(std::string name);
  awaitable<void> released(std::string name);

  /// The target wants nothing of this proxy for so long; a longer ban that is there stays.
  awaitable<void> ban(std::string name, std::string target, std::chrono::milliseconds time);

  /// By name.
  awaitable<std::vector<redis_proxy_report>> reports();

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace braid::scrape
