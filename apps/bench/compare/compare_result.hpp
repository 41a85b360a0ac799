#pragma once

#include <braid/measure/histogram.hpp>
#include <braid/measure/significance.hpp>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

namespace braid::bench {

/// What `compare` takes from a file that `load`, `modes` or `sweep` wrote by --json: all of a load, or one of the modes
/// or cells.
struct measured {
  std::string name;  ///< of the file
  std::string part;  ///< "concurrent", "2 contexts, 64 tasks"; empty for a load
  std::string started_at;
  bool supported = true;
  bool open_loop = false;
  std::vector<std::string> settings;  ///< "concurrency: 64", ...: what should be alike in both
  // A value for each repetition.
  std::vector<double> throughput;
  std::vector<double> cpu_per_request;
  std::vector<measure::histogram> latency;

  /// Seconds at a percentile, a value for each repetition.
  std::vector<double> latency_at(double percent) const;
};

/// Throws invalid_argument, which names the file, for anything else.
std::vector<measured> measured_from(const nlohmann::json& report, const std::string& name);

/// As read from a file; io_error when that cannot be read.
std::vector<measured> read_measured(const std::string& file);

/// What became of one figure from A to B.
enum class change {
  none,     ///< no difference that chance could not make, or none that matters
  lower,    ///< B's is lower
  higher,   ///< B's is higher
  other,    ///< of distributions: they differ, and neither is lower everywhere
  unknown,  ///< too few repetitions to tell
};

struct compared_figure {
  std::string name;
  change what = change::unknown;
  double p = 1;
  std::optional<measure::mean_comparison> means;          ///< ratio B / A with its interval
  std::optional<measure::distribution_comparison> shape;  ///< of the latency
};

/// Of one part of two files.
struct compared_part {
  measured a;
  measured b;
  std::vector<compared_figure> figures;      ///< tested: throughput (of closed loops), latency, CPU per request
  std::vector<compared_figure> percentiles;  ///< shown and not tested: ratios of percentiles with their intervals
  std::vector<std::string> unlike;           ///< settings that differ, "concurrency: 64, concurrency: 32"
};

struct comparison {
  std::vector<compared_part> parts;
  std::vector<std::string> alone;  ///< parts that are in one of the files only

  bool different() const;
  bool unknown() const;
  bool worse() const;  ///< B: lower throughput, higher latency or more CPU
};

/// Tests whether the two differ, part by part. Over all figures of all parts together chance is taken for a difference
/// in 5 % of cases at most (Holm). Differences of less than `least` (0.02: 2 %) are none that matters.
///
/// Throws: invalid_argument when the two have no part in common.
comparison compare(const std::vector<measured>& a, const std::vector<measured>& b, double least);

/// Repetitions a side with which so many figures can be told apart.
std::size_t repetitions_needed(std::size_t figures);

}  // namespace braid::bench
