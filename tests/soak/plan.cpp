#include "soak/plan.hpp"

#include <braid/origin/random.hpp>

namespace soak {

step plan(std::uint64_t seed, std::uint64_t number, double cancelled) {
  braid::origin::random_source dice(braid::origin::random_source(seed).next() ^ (number * 0x9E3779B97F4A7C15ull));
  step out;
  // Mostly small, some that need several reads, a few larger than all buffers.
  const double size = dice.unit();
  out.bytes = size < 0.9 ? dice.below(4'000) : size < 0.995 ? dice.below(70'000) : dice.below(900'000);
  if (dice.unit() < 0.05) out.upload = 1 + dice.below(100'000);
  const double fate = dice.unit();
  if (fate < cancelled * 0.8) {
    out.how = ending::cancelled;
    // Mostly shorter than a request takes, on a busy machine too, so that every phase is met.
    const double part = dice.unit();
    out.patience = std::chrono::microseconds(static_cast<int>(20'000 * part * part * part));
  } else if (fate < cancelled) {
    out.how = ending::left;
  }
  return out;
}

}  // namespace soak
