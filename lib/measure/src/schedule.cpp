#include <braid/core/error.hpp>
#include <braid/measure/schedule.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

namespace braid::measure {

std::chrono::nanoseconds intended_start(std::uint64_t number, double rate) {
  const double nanoseconds = static_cast<double>(number) * 1e9 / rate;
  constexpr auto never = std::numeric_limits<std::chrono::nanoseconds::rep>::max();
  return std::chrono::nanoseconds(nanoseconds < static_cast<double>(never) ? std::llround(nanoseconds) : never);
}

std::uint64_t starts_before(std::chrono::nanoseconds elapsed, double rate) {
  if (elapsed.count() <= 0) {
    return 0;
  }
  auto count = static_cast<std::uint64_t>(static_cast<double>(elapsed.count()) * rate / 1e9);
  // The quotient may be off by one either way: the starts themselves decide.
  while (intended_start(count, rate) < elapsed) {
    ++count;
  }
  while (count > 0 && intended_start(count - 1, rate) >= elapsed) {
    --count;
  }
  return count;
}

std::vector<std::size_t> weighted_cycle(std::span<const std::uint64_t> weights) {
  constexpr std::uint64_t most = 1'000'000;
  std::uint64_t total = 0;
  for (const auto weight : weights) {
    if (weight == 0 || weight > most || (total += weight) > most) {
      throw invalid_argument("weights are from 1 on and " + std::to_string(most) + " in all at most");
    }
  }
  if (weights.empty()) {
    throw invalid_argument("a cycle of no weights");
  }
  // Each turn everybody earns his weight, and the richest pays for the turn with all that was earned.
  std::vector<std::int64_t> credit(weights.size());
  std::vector<std::size_t> cycle;
  cycle.reserve(total);
  for (std::uint64_t turn = 0; turn < total; ++turn) {
    for (std::size_t i = 0; i < weights.size(); ++i) {
      credit[i] += static_cast<std::int64_t>(weights[i]);
    }
    const auto richest = std::max_element(credit.begin(), credit.end());
    *richest -= static_cast<std::int64_t>(total);
    cycle.push_back(static_cast<std::size_t>(richest - credit.begin()));
  }
  return cycle;
}

}  // namespace braid::measure
