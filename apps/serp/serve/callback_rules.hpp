#pragma once

#include <braid/core/clock.hpp>
#include <braid/scrape/task_callback.hpp>
#include <braid/scrape/task_store.hpp>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace braid::serve {

/// How often and how long a callback is tried.
struct callback_limits {
  callback_limits() = default;

  unsigned attempts = 12;
  duration within = std::chrono::hours(24);       ///< of the task's end: no attempt begins later, but for the first one
  duration base = std::chrono::seconds(1);        ///< the longest wait before the second attempt; it doubles
  duration longest_wait = std::chrono::hours(1);  ///< where the doubling ends, and the longest Retry-After that is kept
  std::size_t body_bytes = 1U << 20U;             ///< a longer record is left out, its task is told alone
};

/// What came of one attempt.
struct callback_answer {
  callback_answer() = default;

  int status = 0;                       ///< 0: there was no answer
  bool refused = false;                 ///< its address is none that callbacks may lead to
  std::string error;                    ///< in words, for who asks for the task
  std::optional<duration> retry_after;  ///< how long the other side wants to be left alone
};

/// The callback after an attempt: delivered by any 2xx; given up after 410, at an address that is refused and at the
/// end of the limits; else due again after exponential back-off with full jitter. `ended` and `now` in milliseconds
/// since 1970, `unit` is a random number in [0, 1).
scrape::task_callback after_attempt(const callback_limits& limits, scrape::task_callback what,
                                    const callback_answer& answer, std::int64_t ended, std::int64_t now, double unit);

/// "t=TIME,v1=HEX": the HMAC-SHA256 of "TIME.BODY", TIME in seconds since 1970. Who gets it computes the same and
/// refuses times that are long ago.
std::string callback_signature(std::string_view secret, std::int64_t seconds, std::string_view body);

/// {"task": as GET /v1/task/{id} answers it, "record": as its results are as JSON}.
std::string callback_body(const scrape::task_row& row, const scrape::task_result& result, std::size_t most);

/// What GET /v1/task/{id} says about it.
std::string callback_json(const scrape::task_callback& what);

}  // namespace braid::serve
