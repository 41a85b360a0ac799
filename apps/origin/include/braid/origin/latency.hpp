#pragma once

#include <chrono>
#include <cstddef>
#include <string_view>

#include <braid/core/clock.hpp>
#include <braid/origin/random.hpp>

namespace braid::origin {

/// How long the site thinks before it answers: nothing, a fixed time, or log-normal, which is what search engines'
/// answers look like (most near the median, a long tail).
class latency_model {
 public:
  latency_model() = default;
  static latency_model fixed(duration wait);
  /// `sigma` is the standard deviation of the logarithm: 0.5 puts the 99th percentile at 3.2 medians.
  static latency_model lognormal(duration median, double sigma);
  /// "100ms", "1.5s", "250" (milliseconds) or "lognormal:100,0.5". Throws invalid_argument.
  static latency_model parse(std::string_view text);

  /// Limits: never over a minute, however long the tail.
  duration sample(random_source& random) const;
  bool is_zero() const { return median_ <= duration::zero(); }

 private:
  duration median_{};
  double sigma_ = 0;
};

/// How long what takes `wait` alone takes when `at_once` are there and `capacity` can be served: longer by the power of
/// 1.5 of what is too much, so that most gets done with as many as the capacity. A capacity of 0 has no bound.
duration under_load(duration wait, std::size_t at_once, std::size_t capacity);

}  // namespace braid::origin
