#pragma once

#include <braid/core/clock.hpp>
#include <braid/net/proxy_settings.hpp>
#include <braid/scrape/lanes.hpp>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace braid::scrape {

/// A proxy of a pool and what is known of it beforehand.
struct proxy_entry {
  explicit proxy_entry(net::proxy which) : address(std::move(which)) {}

  net::proxy address;
  double weight = 1;                    ///< its share of the requests, beside the others'
  std::string tag;                      ///< a country, a provider, ...
  std::size_t limit = lanes::no_limit;  ///< requests at once
  double rate = 0;                      ///< requests a second; 0 for no limit
};

/// "http://user:password@host:3128 weight=2 tag=us limit=10 rate=0.5". Throws: invalid_argument, without the password.
proxy_entry parse_proxy(std::string_view text);
/// One a line; empty lines and those that begin with '#' are skipped. Throws: invalid_argument with the line's number.
std::vector<proxy_entry> parse_proxies(std::string_view text);

struct proxy_pool_options {
  unsigned failures = 3;                      ///< in a row until a proxy is ejected
  duration pause = std::chrono::seconds(10);  ///< the first time; doubles with each probe that fails
  duration longest_pause = std::chrono::minutes(10);

  proxy_pool_options() = default;
};

/// Which proxy the next request goes through. A plain function of state and time.
///
/// A dead proxy and one that a target has banned are different things. The former fails for everybody: after some
/// failures in a row it is ejected, and comes back when one request, the probe, has gone through it. The latter is left
/// out for that target only, until the ban is over.
///
/// Threads: one at a time.
class proxy_pool {
 public:
  using id = std::size_t;

  explicit proxy_pool(std::vector<proxy_entry> proxies, const proxy_pool_options& options = {});

  /// Takes a place. In turns by weight; with a `session` always the same, as long as that can be used. nullopt when
  /// none can be used for the target now.
  std::optional<id> pick(std::string_view target, std::string_view session, time_point now);
  /// Every pick ends with one of these: the target answered, whatever it said; the way there failed; or what came of it
  /// says nothing about the proxy.
  void answered(id which);
  void failed(id which, time_point now);
  void released(id which) { --proxies_[which].under_way; }
  /// A pick that is not made after all: the target is to leave this proxy alone until then.
  void hold(id which, std::string_view target, time_point until);
  /// The target wants nothing of this proxy until then.
  void ban(id which, std::string_view target, time_point until);

  /// The earliest moment after `now` at which one may be usable again for a target that has none now; nullopt if that
  /// does not depend on time.
  std::optional<time_point> next_moment(std::string_view target, time_point now) const;

  struct report {
    std::string name;  ///< without credentials
    std::string tag;
    std::uint64_t requests = 0, answered = 0, failed = 0, bans = 0, ejections = 0;
    bool usable = true;  ///< not ejected
  };
  std::vector<report> reports() const;
  const proxy_entry& entry(id which) const { return proxies_[which].entry; }
  const net::proxy_settings& settings(id which) const { return proxies_[which].settings; }
  const std::string& name(id which) const { return proxies_[which].entry.address.str(); }

 private:
  struct member {
    explicit member(proxy_entry what) : entry(std::move(what)), settings(entry.address) {}
    proxy_entry entry;
    net::proxy_settings settings;
    double turn = 0;
    std::size_t under_way = 0;
    unsigned failures = 0;  // in a row
    unsigned pauses = 0;    // in a row; more than none: the next request is a probe
    time_point ejected = time_point::min();
    time_point next = time_point::min();  // by its rate
    std::map<std::string, time_point, std::less<>> bans;
    std::uint64_t requests = 0, answered = 0, failed = 0, banned = 0, ejections = 0;
  };

  static duration interval(const member& one);
  static void bar(member& one, std::string_view target, time_point until);
  time_point ready(const member& one, std::string_view target) const;
  bool usable(const member& one, std::string_view target, time_point now) const;
  member* by_turn(std::string_view target, time_point now);
  member* by_session(std::string_view target, std::string_view session, time_point now);

  const proxy_pool_options options_;
  std::vector<member> proxies_;
};

}  // namespace braid::scrape
