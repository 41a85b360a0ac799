#pragma once

#include "compare_options.hpp"

namespace braid::bench {

/// braid-bench compare: prints what differs. Returns the exit code. Throws braid::error for files that cannot be read
/// or hold something else.
int run_compare(const compare_options& options);

}  // namespace braid::bench
