#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace braid::measure {

/// What a thread has had of its core, and wanted: subtract two readings for a span.
struct thread_time {
  std::chrono::nanoseconds on_core{0};
  /// Ready to run while something else had the core; 0 where the kernel does not count it.
  std::chrono::nanoseconds kept_waiting{0};

  friend thread_time operator-(const thread_time& later, const thread_time& earlier) {
    return {later.on_core - earlier.on_core, later.kept_waiting - earlier.kept_waiting};
  }
};

/// The calling thread.
thread_time thread_time_of_self();

/// The second number of a line of /proc/PID/task/TID/schedstat: nanoseconds in the run queue. Nothing when it is no
/// such line.
std::optional<std::chrono::nanoseconds> parse_schedstat(std::string_view line);

}  // namespace braid::measure
