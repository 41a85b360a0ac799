#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace braid::origin {

/// What can go wrong with an answer.
enum class fault_kind : std::uint8_t {
  none,
  reset,        ///< the connection is reset before a byte of the answer
  truncate,     ///< the connection closes in the middle of the body
  stall,        ///< half of the body, then nothing for stall_time
  too_many,     ///< 429 with Retry-After
  unavailable,  ///< 503 with Retry-After
  block,        ///< the engine's own "are you a robot" page
  slow,         ///< the body in small pieces, with waits between them
};
inline constexpr std::size_t fault_kinds = 8;

/// The name on the command line: "reset", "429", ...
std::string_view to_string(fault_kind kind);

/// With what probability each fault happens. Which request gets which fault is a pure function of a seed and the
/// request's number, so that a run can be repeated.
class fault_plan {
 public:
  fault_plan() = default;
  /// "reset:0.01,429:0.05". Throws invalid_argument for unknown kinds, probabilities outside 0..1, a sum over 1.
  static fault_plan parse(std::string_view text);

  void set(fault_kind kind, double probability);
  double probability(fault_kind kind) const { return probability_[static_cast<std::size_t>(kind)]; }
  bool empty() const;

  /// The fault for a number that is uniform in [0, 1).
  fault_kind pick(double unit) const;
  fault_kind pick(std::uint64_t seed, std::uint64_t request_number) const;

 private:
  std::array<double, fault_kinds> probability_{};
};

}  // namespace braid::origin
