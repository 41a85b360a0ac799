#pragma once

#include <string>
#include <vector>

#include "bench/run/options.hpp"

namespace braid::bench {

/// What `braid-bench sweep` was asked to do.
struct sweep_options {
  /// How a cell is run: against what, for how long, with or without parsing; its concurrency and contexts are not used.
  modes_options cell;
  std::vector<unsigned> contexts;
  std::vector<unsigned> concurrency;

  /// A cell for each pair that gives every context a task, contexts first.
  std::vector<mode_plan> plans() const;
};

/// 1, 2, 4, ... up to `most`, and `most` itself.
std::vector<unsigned> powers_up_to(unsigned most);

/// "1,2,4" or "1..64": the latter in powers of two. Nothing for what is neither, for zeros and for more than 100,000.
std::vector<unsigned> parse_steps(const std::string& text);

}  // namespace braid::bench
