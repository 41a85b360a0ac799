#pragma once

#include <atomic>
#include <string>

#include "options.hpp"
#include "result.hpp"
#include "work.hpp"

namespace braid::bench {

/// Runs a mode once: starts its tasks where its plan says and waits for them. `label` is for the progress line.
///
/// Throws what makes a mode impossible; a request that fails is counted.
run_result run_mode(const mode_plan& plan, const modes_options& options, const job& what, const std::string& label,
                    const std::atomic<bool>& interrupted);

}  // namespace braid::bench
