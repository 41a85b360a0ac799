#include "take_pace.hpp"

#include <algorithm>

namespace braid::worker {
namespace {

/// What is due but not fetched is lost to a rate whose tokens cannot be saved up: the wait stays a few tokens.
constexpr unsigned most_doublings = 3;

duration scaled(duration time, double factor) {
  return std::chrono::duration_cast<duration>(std::chrono::duration<double, duration::period>(time) * factor);
}

}  // namespace

duration take_pace::after(std::size_t jobs, std::chrono::milliseconds wait, double unit) {
  const auto idle = scaled(longest, 0.75 + unit / 2);
  if (jobs > 0) {
    starved_ = 0;
    return wait.count() < 0 ? shortest : std::clamp<duration>(wait, shortest, idle);
  }
  if (wait.count() < 0) return idle;
  // The first time it may have come too early; from then on others were there before it.
  const auto doublings = std::min(starved_, most_doublings);
  ++starved_;
  const auto spread = 1 + unit * static_cast<double>((1U << doublings) - 1);
  return std::clamp<duration>(scaled(wait, spread), shortest, idle);
}

}  // namespace braid::worker
