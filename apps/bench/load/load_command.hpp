#pragma once

#include "load_options.hpp"

namespace braid::bench {

/// braid-bench load: runs the repetitions, prints the report. Returns the exit code.
/// Throws braid::error when nothing can be measured: a target that refuses, no file to write to.
int run_load_command(const load_options& options);

}  // namespace braid::bench
