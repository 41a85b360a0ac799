#pragma once

#include <braid/core/clock.hpp>
#include <chrono>
#include <exception>
#include <optional>
#include <string_view>

namespace braid::scrape {

/// What a failed attempt says about the next one.
struct failed_attempt {
  bool retryable = false;
  std::optional<duration> retry_after;  ///< how long the other side asked us to stay away
};

struct retry_options {
  unsigned retries = 2;                                      ///< attempts after the first
  duration base = std::chrono::milliseconds(500);            ///< the longest wait before the first retry; it doubles
  duration longest_wait = std::chrono::seconds(30);          ///< where the doubling ends
  duration longest_retry_after = std::chrono::seconds(120);  ///< who asks for more than this is not asked again
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

/// Whether the same request may succeed a moment later: timeouts, refused and lost connections, corrupt bodies. Not
/// refused certificates, limits and bad input.
bool is_retryable(const std::exception_ptr& failure) noexcept;

/// 408, 425, 429 and those of 5xx that speak of overload or of a gateway.
bool is_retryable_status(int status) noexcept;

/// Retry-After as RFC 9110 has it: seconds, or a date. Nothing when it is neither; zero for a date that has passed.
std::optional<duration> parse_retry_after(std::string_view value, std::chrono::system_clock::time_point now);

}  // namespace braid::scrape
