#pragma once

#include <algorithm>
#include <braid/core/clock.hpp>
#include <cstdint>

namespace braid::http {

/// How long to wait for the next piece of a request's body: no longer than `pause`, and over the whole body no longer
/// than `pause` and what it takes at `rate` bytes a second. Without the second a client that sends a byte now and then
/// holds a connection for days. Only time spent waiting counts, not that of a handler. A plain function of state.
class body_pace {
 public:
  body_pace(duration pause, std::uint32_t rate) : pause_(pause), rate_(rate) {}

  void begin() { *this = body_pace(pause_, rate_); }
  void waited(duration time) { waited_ += time; }
  void received(std::uint64_t bytes) { received_ += static_cast<double>(bytes); }

  duration bound() const {
    if (rate_ == 0) return pause_;
    // As numbers, which nothing overflows; clocks cannot tell the difference.
    const auto seconds = [](duration of) { return std::chrono::duration<double>(of).count(); };
    const double left = std::clamp(seconds(pause_) + received_ / rate_ - seconds(waited_), 0.0, seconds(pause_));
    return std::chrono::duration_cast<duration>(std::chrono::duration<double>(left));
  }

 private:
  duration pause_;
  std::uint32_t rate_;
  duration waited_{};
  double received_ = 0;
};

}  // namespace braid::http
