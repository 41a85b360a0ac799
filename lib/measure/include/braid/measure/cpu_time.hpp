#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string_view>

namespace braid::measure {

/// Processor time a process has used so far, and how often it gave the processor up. Subtract two readings for a span.
struct cpu_time {
  std::chrono::nanoseconds user{0};
  std::chrono::nanoseconds system{0};

  std::chrono::nanoseconds total() const { return user + system; }

  /// What was used between the two. The total is exact; the split may be of ticks coarser than the total, so neither
  /// part of it is let below zero.
  friend cpu_time operator-(const cpu_time& later, const cpu_time& earlier);
  friend cpu_time operator+(const cpu_time& a, const cpu_time& b) { return {a.user + b.user, a.system + b.system}; }
};

/// All threads of this process (getrusage: microseconds).
cpu_time cpu_time_of_self();

/// All threads of another process of ours while it lives; nothing when there is no such process. The total comes from
/// its CPU clock (nanoseconds), the split into user and system from /proc/PID/stat (ticks of 10 ms).
std::optional<cpu_time> cpu_time_of_process(pid_t pid);

/// The user and system time in a line of /proc/PID/stat, nothing when it is no such line. The command name in it may
/// hold spaces and parentheses.
std::optional<cpu_time> parse_proc_stat(std::string_view line, long ticks_per_second);

/// What all processes of the machine have used since it started, summed over its cores, and what the hypervisor has
/// taken away (ticks of 10 ms). Nothing where /proc does not say.
std::optional<std::chrono::nanoseconds> busy_time_of_machine();

/// The same in the first line of /proc/stat.
std::optional<std::chrono::nanoseconds> parse_machine_stat(std::string_view line, long ticks_per_second);

/// What this process has cost beyond processor time.
struct resource_usage {
  cpu_time cpu;
  long voluntary_switches = 0;    ///< it waited
  long involuntary_switches = 0;  ///< it was made to wait
  long peak_resident_bytes = 0;   ///< since the process began: not a difference

  friend resource_usage operator-(const resource_usage& later, const resource_usage& earlier) {
    return {later.cpu - earlier.cpu, later.voluntary_switches - earlier.voluntary_switches,
            later.involuntary_switches - earlier.involuntary_switches, later.peak_resident_bytes};
  }
};

resource_usage resource_usage_of_self();

}  // namespace braid::measure
