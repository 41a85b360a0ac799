#include "speed.hpp"

#include <string>

#include "get_error.hpp"

namespace braid::get {

void throw_too_slow(std::uint64_t least, long seconds) {
  throw get_error(timed_out, "Operation too slow. Less than " + std::to_string(least) +
                                 " bytes/sec transferred the last " + std::to_string(seconds) + " seconds");
}

duration speed_guard::after(std::uint64_t bytes, time_point now) {
  if (!begun_) {
    begun_ = true;
    first_ = second_ = slow_since_ = now;
  }
  all_ += bytes;
  of_second_ += bytes;
  if (least_ > 0 && now - second_ >= std::chrono::seconds(1)) {
    const double speed = static_cast<double>(of_second_) / std::chrono::duration<double>(now - second_).count();
    if (speed >= static_cast<double>(least_)) slow_since_ = now;
    second_ = now;
    of_second_ = 0;
    if (now - slow_since_ >= std::chrono::seconds(seconds_)) throw_too_slow(least_, seconds_);
  }
  if (most_ == 0) return duration::zero();
  const std::chrono::duration<double> due(static_cast<double>(all_) / static_cast<double>(most_));
  return std::chrono::duration_cast<duration>(due) - (now - first_);
}

}  // namespace braid::get
