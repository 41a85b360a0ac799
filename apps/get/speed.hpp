#pragma once

#include <cstdint>

#include <braid/core/clock.hpp>

namespace braid::get {

/// What is thrown where fewer than `least` bytes a second came for so many seconds: get_error 28, in curl's words.
[[noreturn]] void throw_too_slow(std::uint64_t least, long seconds);

/// Keeps to --limit-rate, and watches --speed-limit.
class speed_guard {
 public:
  /// Zero sets no limit. `seconds` is how long a transfer may be slower than `least` bytes a second.
  speed_guard(std::uint64_t most, std::uint64_t least, long seconds) : most_(most), least_(least), seconds_(seconds) {}

  /// After bytes came: how long to wait before more. Throws: get_error (28) for what is too slow.
  duration after(std::uint64_t bytes, time_point now);

 private:
  std::uint64_t most_, least_;
  long seconds_;
  bool begun_ = false;
  std::uint64_t all_ = 0, of_second_ = 0;
  time_point first_{}, second_{}, slow_since_{};
};

}  // namespace braid::get
