#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bench/run/environment.hpp"
#include "bench/run/result.hpp"

namespace braid::bench {

/// What the claims are judged by: each an arrangement that was run a few times, all against an origin of our own.
struct claim_experiments {
  // Work that waits: the origin takes 20 ms for each answer.
  mode_result waiting_sequential;
  mode_result waiting_concurrent;  ///< many tasks on one context
  mode_result waiting_parallel;    ///< one task on each of several contexts
  // Work that computes: pages come at once and are parsed.
  mode_result computing_one;      ///< one context
  mode_result computing_several;  ///< several, as many tasks in all
  // More and more sessions at once on one context; the last are too many.
  std::vector<mode_result> sessions;
  // A tenth of the connections are reset by the origin.
  mode_result failing_concurrent;
  mode_result failing_parallel;
  /// Nanoseconds from one coroutine to another on one context, one value a repetition.
  std::vector<double> switch_ns;
};

enum class claim_verdict {
  holds,
  partly,     ///< in one sense and not in another, which the figure tells
  fails,      ///< measured, and it is not so
  not_shown,  ///< the difference may be chance, or the machine cannot show it
};

std::string_view to_string(claim_verdict value);

/// A claim of the explainer, with what was measured of it.
struct claim {
  std::string about;  ///< "concurrency", "parallelism", "relation"
  bool against = false;
  std::string says;
  std::string figure;
  claim_verdict verdict = claim_verdict::not_shown;
};

/// Every claim, in the explainer's order.
std::vector<claim> judge_claims(const claim_experiments& all, unsigned cores);

/// Everything that braid-bench claims has found out.
struct claims_report {
  std::string started_at;
  environment where;
  unsigned contexts = 0;
  claim_experiments experiments;
  std::vector<claim> claims;
  bool interrupted = false;
};

}  // namespace braid::bench
