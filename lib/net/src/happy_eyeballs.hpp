#pragma once

#include <braid/core/clock.hpp>
#include <braid/net/endpoint.hpp>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace braid::net {

/// The order to try addresses in (RFC 8305, 4): families take turns, that of the first address begins, and within a
/// family the order stays.
std::vector<endpoint> interleave(const std::vector<endpoint>& addresses);

/// When to begin which attempt (RFC 8305, 5): the next one after a delay, or at once when one has failed; those under
/// way go on. A plain function of what happened and of now.
class attempt_plan {
 public:
  enum class step : std::uint8_t {
    begin,  ///< attempt `which`
    wait,   ///< for an attempt to end, `until` at most
    lost,   ///< all have failed
  };
  struct answer {
    step what;
    std::size_t which = 0;
    time_point until = time_point::max();
  };

  attempt_plan(std::size_t attempts, duration delay) : attempts_(attempts), delay_(delay) {}

  answer next(time_point now);
  /// One of those that were begun has failed.
  void failed();

 private:
  std::size_t attempts_;
  duration delay_;
  std::size_t begun_ = 0;
  std::size_t running_ = 0;
  time_point next_at_ = time_point::min();
};

}  // namespace braid::net
