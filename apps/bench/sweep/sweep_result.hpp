#pragma once

#include <braid/measure/scalability.hpp>
#include <optional>
#include <string>
#include <vector>

#include "bench/run/environment.hpp"
#include "bench/run/result.hpp"

namespace braid::bench {

/// What keeps throughput from rising further.
enum class limit {
  nothing,       ///< it still rises at the end of the grid
  client_cores,  ///< the contexts were busy all the time
  machine,       ///< all cores of this machine were, with what else runs on them
  target,        ///< our origin was busy all the time, or the target answers no more however many ask
};

std::string_view to_string(limit value);

/// Everything that braid-bench sweep has found out.
struct sweep_report {
  std::string started_at;
  environment where;
  std::string origin;
  bool origin_is_ours = false;
  bool interrupted = false;
  std::vector<mode_result> cells;

  const mode_result* find(unsigned contexts, unsigned concurrency) const;
  /// The cell with the highest throughput among those with so many contexts; null when there is none.
  const mode_result* best(unsigned contexts) const;
  std::vector<unsigned> contexts() const;     ///< that were run, in order
  std::vector<unsigned> concurrency() const;  ///< the same
};

/// How throughput grows with concurrency on so many contexts.
struct concurrency_law {
  unsigned contexts = 1;
  std::optional<measure::scalability_fit> fit;
  limit by = limit::nothing;
};

/// How it grows with contexts.
struct context_law {
  /// Throughput as measured, at the best concurrency of each number of contexts.
  std::optional<measure::scalability_fit> throughput;
  /// What the contexts could do if they never waited for a target or a core: contexts / processor time a request. What
  /// an origin on the same machine takes from them is left out, so this is what can be predicted from.
  std::optional<measure::scalability_fit> capacity;
  /// Numbers of contexts beyond this machine's cores, which are not in the fits.
  std::vector<unsigned> left_out;
};

std::vector<concurrency_law> concurrency_laws(const sweep_report& report);
context_law law_of_contexts(const sweep_report& report);

/// What limits the best cell of so many contexts. `rises` says that it is the one with the highest concurrency and
/// clearly above the one before.
limit limit_of(const mode_result& best, unsigned cores, bool origin_is_ours, bool rises);

}  // namespace braid::bench
