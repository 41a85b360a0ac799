#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include <braid/core/clock.hpp>

namespace braid::http {

/// How often requests go somewhere: `per_second` on average, and up to `burst` at once after a quiet time.
struct request_rate {
  double per_second = 10;
  double burst = 1;

  request_rate() = default;
  request_rate(double each_second, double at_once = 1) : per_second(each_second), burst(at_once) {}
};

/// How often a client sends requests to each origin (scheme, host and port). Redirects and retries count as requests
/// do; what a cache answers does not, nor the one repetition that a stale connection may cost.
///
///     options.rates.each = {5, 10};                                 // five a second to every origin, ten at once
///     options.rates.host("api.example", {0.5});                     // to this host one in two seconds
///
/// A request that is too early waits, first come first served: as a part of the phase "queue", within its total
/// timeout. On each context by itself.
class request_rates {
 public:
  request_rates() = default;

  /// Of every origin without a rate of its own; empty: those have no limit.
  std::optional<request_rate> each;

  /// Of the origins on this host, whatever scheme and port; upper and lower case are the same.
  request_rates& host(std::string_view name, request_rate rate);

  /// Requests that wait for one origin; one more is a limit_error.
  std::size_t waiting = 1000;

  /// An answer of 429 or 503 that asks to be left alone for a time (Retry-After, RateLimit) holds back the requests
  /// to its origin that have a rate, so long at most; zero: it does not.
  duration longest_pause = std::chrono::seconds(60);

  /// The rate for a host as it stands in a URL (IPv6 in brackets); null where there is none.
  const request_rate* of(std::string_view host) const;
  bool empty() const noexcept { return !each && hosts_.empty(); }

 private:
  std::map<std::string, request_rate, std::less<>> hosts_;
};

}  // namespace braid::http
