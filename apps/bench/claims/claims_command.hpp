#pragma once

#include "claims_options.hpp"

namespace braid::bench {

/// braid-bench claims: runs the experiments, prints each claim with its figure. Returns the exit code.
/// Throws braid::error when nothing can be measured: no origin, no file to write to.
int run_claims(const claims_options& options);

}  // namespace braid::bench
