#pragma once

#include <chrono>
#include <string>

#include "bench/run/options.hpp"

namespace braid::bench {

/// What `braid-bench claims` was asked to do.
struct claims_options {
  unsigned contexts = 2;  ///< of the parallel experiments
  unsigned repeat = 3;
  std::chrono::nanoseconds run_for = std::chrono::seconds(1);  ///< an experiment, each time
  unsigned sessions = 4096;                                    ///< that are too many
  std::string origin_program;
  std::string json_file;
  std::string report_file;
  progress_style progress = progress_style::automatic;
};

}  // namespace braid::bench
