#pragma once

#include <chrono>
#include <exception>
#include <optional>
#include <string_view>

#include <braid/core/clock.hpp>
#include <braid/http/headers.hpp>

namespace braid::http {

class request;

/// What a failed attempt says about the next one.
struct failed_attempt {
  bool retryable = false;
  std::optional<duration> retry_after;  ///< how long the other side asked us to stay away
};

struct retry_options {
  retry_options() = default;

  unsigned retries = 2;                                      ///< attempts after the first
  duration base = std::chrono::milliseconds(500);            ///< the longest wait before the first retry; it doubles
  duration longest_wait = std::chrono::seconds(30);          ///< where the doubling ends
  duration longest_retry_after = std::chrono::seconds(120);  ///< who asks for more than this is not asked again
  /// Of a client on one context: retries per request, over all requests, once `reserve` retries have been made. When
  /// a server is down, what it gets is this much more than usual and not a multiple.
  double budget = 0.2;
  unsigned reserve = 10;
};

/// Whether to try again, and when: exponential back-off with full jitter, so that requests that failed together do not
/// come back together. A Retry-After is a minimum, never shortened.
class retry_policy {
 public:
  retry_policy() = default;
  explicit retry_policy(const retry_options& options) : options_(options) {}

  /// How long to wait after attempt number `attempt` (1 is the first) failed; nothing to give up. `unit` is a random
  /// number in [0, 1).
  std::optional<duration> wait_after(unsigned attempt, const failed_attempt& failure, double unit) const;

  const retry_options& options() const noexcept { return options_; }

 private:
  retry_options options_;
};

/// How many retries there may be for the requests there were.
class retry_budget {
 public:
  explicit retry_budget(const retry_options& options)
      : per_request_(options.budget), most_(options.reserve), left_(options.reserve) {}

  void count_request() noexcept;
  /// False, and nothing taken, when the budget is used up.
  bool take() noexcept;

 private:
  double per_request_;
  double most_;  // saved up, so that a long quiet time does not pay for a storm
  double left_;
};

/// Whether the same request may succeed a moment later: timeouts, refused and lost connections, corrupt bodies. Not
/// refused certificates, limits and bad input.
bool is_retryable(const std::exception_ptr& failure) noexcept;

/// 408, 425, 429 and those of 5xx that speak of overload or of a gateway.
bool is_retryable_status(int status) noexcept;

/// Whether sending the request twice does what sending it once does, as far as can be told: an idempotent method (RFC
/// 9110, section 9.2.2) or an Idempotency-Key, and a body that can be sent again.
bool may_be_repeated(const request& what) noexcept;

/// Retry-After as RFC 9110 has it: seconds, or a date. Nothing when it is neither; zero for a date that has passed.
std::optional<duration> parse_retry_after(std::string_view value, std::chrono::system_clock::time_point now);

/// How long a response asks to be left alone: its Retry-After, or the time until a used-up quota is filled again, by
/// `RateLimit: "name";r=0;t=30` or by `RateLimit-Remaining: 0` with `RateLimit-Reset: 30` (drafts of the IETF's HTTP
/// API group), also spelled with X- before them. At most a year.
std::optional<duration> asked_to_wait(const headers& fields, std::chrono::system_clock::time_point now);

}  // namespace braid::http
