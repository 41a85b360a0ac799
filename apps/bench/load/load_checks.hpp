#pragma once

#include <string>
#include <vector>

#include "load_options.hpp"
#include "load_result.hpp"

namespace braid::bench {

/// Whether what was measured can carry the figure that is told.
struct load_check {
  std::string name;  ///< "generator", "rate", "length", "repetitions", "machine"
  bool holds = true;
  bool serious = true;   ///< the figure is not supported when it does not hold; else it is a remark
  std::string sentence;  ///< what was found, and what to do about it
};

/// One for each thing that can spoil a figure. Generator: a context that worked, or would have, had it got its core,
/// for 95 % of the time measures itself and not the target; with figure_of::client the reverse. Rate: an open loop
/// that made less than 99 % of its starts was slower than asked for, and its latencies are lower bounds.
std::vector<load_check> check_load(const load_report& report, const load_options& options);

/// False when a serious check does not hold.
bool supported(const std::vector<load_check>& checks);

}  // namespace braid::bench
