#pragma once

#include "sweep_options.hpp"

namespace braid::bench {

/// braid-bench sweep: runs the grid, prints the report. Returns the exit code.
/// Throws braid::error when nothing can be measured: no origin, no file to write to.
int run_sweep(const sweep_options& options);

}  // namespace braid::bench
