#pragma once

#include "bench/run/options.hpp"

namespace braid::bench {

/// braid-bench modes: starts the origin, runs the modes, prints the report. Returns the exit code.
/// Throws braid::error when nothing can be measured: no origin, no file to write to.
int run_modes(const modes_options& options);

}  // namespace braid::bench
