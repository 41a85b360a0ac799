#pragma once

#include <braid/core/clock.hpp>
#include <braid/scrape/stage_stats.hpp>
#include <cstdint>
#include <map>
#include <string>

#include "saver.hpp"

namespace braid::fetch {

/// How a run ended.
struct run_result {
  run_result() = default;

  std::uint64_t total = 0;  ///< jobs of this run
  saved_counts saved;
  std::map<std::string, std::uint64_t> errors;
  bool interrupted = false;
  bool sink_failed = false;
  duration time{};
  scrape::stage_report gather, parse, save;
};

/// 0 all done, 1 some failed, 3 nothing done, 130 interrupted.
int exit_code(const run_result& result);

/// What is said at the end: counts, errors by kind, and where the time went.
std::string summary_text(const run_result& result);

}  // namespace braid::fetch
