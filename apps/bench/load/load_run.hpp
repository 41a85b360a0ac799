#pragma once

#include <atomic>
#include <string>

#include "load_options.hpp"
#include "load_result.hpp"
#include "load_work.hpp"

namespace braid::bench {

/// Asks once, uncounted, and says how the target answers: "HTTP/1.1". Throws what makes it no target: an address that
/// refuses, a certificate that is not trusted.
std::string probe(const load_options& options, const load_job& job);

/// One repetition: contexts and connections of its own, the warm-up, then what counts. `label` is for the progress
/// line. A request that fails is counted. `recorded`: with a timeline.
load_run run_load(const load_options& options, const load_job& job, const std::string& label, bool recorded,
                  const std::atomic<bool>& interrupted);

}  // namespace braid::bench
