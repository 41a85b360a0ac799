#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace braid::measure {

/// When an open loop of `rate` starts a second ought to start number `number` (from 0), counted from its begin.
///
/// Latency is counted from this moment, whenever the request was really sent: a target that stalls for a second then
/// shows in all requests that it held up, not only in the one that was under way. Computed from the number, so that no
/// rounding adds up. `rate` is greater than 0.
std::chrono::nanoseconds intended_start(std::uint64_t number, double rate);

/// How many starts are due before `elapsed`: those whose intended_start() is less.
std::uint64_t starts_before(std::chrono::nanoseconds elapsed, double rate);

/// The indices of `weights`, each as often as its weight in one turn of the cycle, spread as evenly as can be: {2, 1}
/// gives 0 1 0. Without chance, so that two runs ask for the same things in the same order.
///
/// Throws: invalid_argument for no weights, a weight of 0, and more than 1,000,000 in all.
std::vector<std::size_t> weighted_cycle(std::span<const std::uint64_t> weights);

}  // namespace braid::measure
