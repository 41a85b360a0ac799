#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace braid::bench {

/// The arrangements that are compared. The work is the same in each, down to the text of its coroutine: only these
/// numbers differ.
enum class mode {
  sequential,           ///< one request after another
  concurrent,           ///< one processor juggles many tasks
  parallel,             ///< several processors, one task each
  parallel_concurrent,  ///< several processors, each juggling many tasks
  shared,               ///< one io_context run by several threads: what people try first, for comparison
};

/// "sequential", "parallel-concurrent": as on the command line and in JSON.
std::string_view to_string(mode value);
std::optional<mode> mode_from(std::string_view name);
std::span<const mode> all_modes();

/// How a mode arranges its tasks.
struct mode_plan {
  mode kind = mode::sequential;
  unsigned contexts = 1;  ///< io_contexts
  unsigned threads = 1;   ///< that run them: one each, or all of them the same
  unsigned tasks = 1;     ///< in all, each with one request in flight

  /// "2 contexts, 50 tasks on each": for people.
  std::string describe() const;
};

/// The context that task number `task` of a plan runs on: dealt out in turn, so that contexts differ by at most one
/// task.
inline unsigned context_of(const mode_plan& plan, unsigned task) { return task % plan.contexts; }

mode_plan plan_of(mode kind, unsigned contexts, unsigned concurrency);

}  // namespace braid::bench
