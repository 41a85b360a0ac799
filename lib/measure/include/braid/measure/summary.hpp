#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace braid::measure {

/// What repeated measurements of one thing say: where its middle is, how far they scatter, how sure the mean is.
struct summary {
  std::size_t count = 0;
  double mean = 0;
  double stdev = 0;  ///< of the sample (n - 1); 0 with fewer than two values
  double median = 0;
  double min = 0;
  double max = 0;
  /// Half the width of the 95 % confidence interval of the mean, by Student's t: the mean is mean ± ci95. With fewer
  /// than two values nothing is known about the scatter and it is 0; has_interval() says so.
  double ci95 = 0;

  bool has_interval() const { return count >= 2; }
  double low() const { return mean - ci95; }
  double high() const { return mean + ci95; }
};

summary summarize(std::span<const double> values);

/// The value below which `percent` % of `sorted` lie, interpolated between neighbours; 0 when empty.
double percentile_of(std::span<const double> sorted, double percent);

/// The two-sided 95 % quantile of Student's t with this many degrees of freedom (at least 1).
double student_t95(std::size_t degrees_of_freedom);

}  // namespace braid::measure
