#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "mode.hpp"

namespace braid::bench {

enum class progress_style { automatic, bar, plain, none };

/// What `braid-bench modes` was asked to do.
struct modes_options {
  std::optional<std::uint64_t> requests;            ///< a mode; 400 when neither this nor run_for is given
  std::optional<std::chrono::nanoseconds> run_for;  ///< instead of a number of requests
  std::optional<std::uint64_t> sequential_requests;
  unsigned concurrency = 100;
  unsigned contexts = 0;  ///< resolved: never 0 after parsing
  bool pin = false;
  std::chrono::nanoseconds latency = std::chrono::milliseconds(100);
  std::uint64_t page_bytes = 32 * 1024;
  unsigned pages = 16;  ///< different pages that are asked for in turn
  bool parse = false;
  std::string engine = "google";
  std::string target;  ///< empty: an origin of our own
  std::string origin_program;
  std::string fault;  ///< of our origin, as its --fault has them; empty for none
  std::vector<mode> only;
  unsigned repeat = 1;
  std::chrono::nanoseconds warm_up{0};  ///< before each run, of the same arrangement; not measured
  std::string json_file;
  std::string report_file;
  std::string trace_file;
  progress_style progress = progress_style::automatic;
  bool record = false;  ///< a timeline of each task

  /// How many requests a mode makes; nothing when time ends it.
  std::optional<std::uint64_t> requests_of(mode kind) const;
  std::vector<mode_plan> plans() const;
};

/// Cores this process may use.
unsigned usable_cores();

}  // namespace braid::bench
