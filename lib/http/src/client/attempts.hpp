#pragma once

#include <exception>
#include <optional>
#include <random>

#include <braid/http/request.hpp>
#include <braid/http/response.hpp>
#include <braid/http/retry.hpp>

namespace braid::http {

/// Retries of a client on one context: what all its requests have in common.
struct retry_state {
  explicit retry_state(const retry_options& options)
      : policy(options), budget(options), random(std::random_device()()) {}
  retry_policy policy;
  retry_budget budget;
  std::minstd_rand random;
};

/// The attempts at one request: decides, after each, whether there is another one and when.
class attempts {
 public:
  /// `end` is when all of them must be over.
  attempts(retry_state& shared, const request& what, time_point end);

  /// After an attempt ended at `now`, with a failure or with an answer: how long to wait until the next; nothing when
  /// that was the last.
  std::optional<duration> wait_after(const std::exception_ptr& failure, const response_head& answer, time_point now);

  unsigned made() const noexcept { return made_; }

 private:
  retry_state& shared_;
  time_point end_;
  unsigned made_ = 0;
  bool streamed_;
  bool repeatable_;
};

}  // namespace braid::http
