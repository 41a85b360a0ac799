#pragma once

#include <algorithm>
#include <braid/core/clock.hpp>

namespace braid::http {

/// Counts what costs this side and brings nothing on: a leaky bucket. A plain function of state and time.
class flood_meter {
 public:
  /// `most` at once, and so many a second for ever.
  flood_meter(double most, double per_second) : most_(most), per_second_(per_second) {}

  /// False when it is too much.
  bool add(double weight, time_point now) {
    if (last_ != time_point{}) {
      level_ = std::max(0.0, level_ - per_second_ * std::chrono::duration<double>(now - last_).count());
    }
    last_ = now;
    level_ += weight;
    return level_ <= most_;
  }

 private:
  double most_, per_second_;
  double level_ = 0;
  time_point last_{};
};

}  // namespace braid::http
