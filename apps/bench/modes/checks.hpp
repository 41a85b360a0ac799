#pragma once

#include <braid/measure/significance.hpp>
#include <optional>

#include "bench/run/options.hpp"
#include "bench/run/result.hpp"

namespace braid::bench {

/// Concurrency is real when one thread that juggles K tasks waits for all of them at once: its wall time is then the
/// waiting of one task in K plus the processor time of all, and not much more.
struct concurrency_check {
  double ideal_wait_s = 0;      ///< waves of K requests, each as long as the origin waits
  double sequential_cpu_s = 0;  ///< of the same number of requests
  double measured_s = 0;        ///< wall time of the concurrent mode
  double bound_s = 0;           ///< slack * (ideal_wait_s + sequential_cpu_s)
  bool holds = false;

  static constexpr double slack = 1.2;
};

/// Nothing when a mode is missing, failed, or was cut short, or when the origin's latency is not known.
std::optional<concurrency_check> check_concurrency(const modes_report& report, const modes_options& options);

/// How one mode's throughput compares with that of another that had fewer contexts, and who used the cores meanwhile.
struct scaling {
  double ratio = 0;
  double client_cores = 0;  ///< processor time / wall time of the mode with more contexts
  double origin_cores = 0;
  double base_client_cores = 0;  ///< of the mode with one
  /// What the processor time of a request allows at most on these cores, whatever else they were busy with: the origin
  /// needs its share, and a request may cost more where there are several contexts.
  double allowed_ratio = 0;
  bool waits = false;  ///< one context was idle most of the time, for lack of answers and not of a processor
};

/// parallel-concurrent against concurrent, or parallel against sequential; nothing when either is missing.
std::optional<scaling> scaling_of(const modes_report& report, const modes_options& options, mode more, mode one);

/// The throughput of one mode against that of another, with the 95 % interval of the ratio by Welch; nothing when a
/// side has fewer than two runs or one in which nothing succeeded.
std::optional<measure::mean_comparison> throughput_ratio(const mode_result& base, const mode_result& other);

/// How many processors' worth of work a mode's client, and its origin, did on average.
double client_cores(const mode_result& result);
double origin_cores(const mode_result& result);

}  // namespace braid::bench
