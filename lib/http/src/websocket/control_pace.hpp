#pragma once

#include <algorithm>
#include <chrono>

#include <braid/core/clock.hpp>

namespace braid::http {

/// How many control frames are taken: so many at once, and as many in each second on average. A function of time.
class control_pace {
 public:
  control_pace(unsigned per_second, time_point now) : most_(per_second), left_(per_second), since_(now) {}

  /// One came; false: it is one too many.
  bool take(time_point now) noexcept {
    const double passed = std::chrono::duration<double>(now - since_).count();
    left_ = std::min(most_, left_ + passed * most_);
    since_ = now;
    if (left_ < 1) return false;
    left_ -= 1;
    return true;
  }

 private:
  double most_;
  double left_;
  time_point since_;
};

}  // namespace braid::http
