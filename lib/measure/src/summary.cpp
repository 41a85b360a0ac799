#include <braid/measure/summary.hpp>

#include <algorithm>
#include <array>
#include <cmath>

namespace braid::measure {

summary summarize(std::span<const double> values) {
  summary s;
  s.count = values.size();
  if (values.empty()) {
    return s;
  }
  std::vector<double> sorted(values.begin(), values.end());
  std::sort(sorted.begin(), sorted.end());
  s.min = sorted.front();
  s.max = sorted.back();
  s.median = percentile_of(sorted, 50);

  // Welford: no difference of two large sums.
  double squares = 0;
  std::size_t n = 0;
  for (const double value : sorted) {
    const double before = value - s.mean;
    s.mean += before / static_cast<double>(++n);
    squares += before * (value - s.mean);
  }
  if (n >= 2) {
    s.stdev = std::sqrt(squares / static_cast<double>(n - 1));
    s.ci95 = student_t95(n - 1) * s.stdev / std::sqrt(static_cast<double>(n));
  }
  return s;
}

double percentile_of(std::span<const double> sorted, double percent) {
  if (sorted.empty()) {
    return 0;
  }
  const double place = std::clamp(percent, 0.0, 100.0) / 100 * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const auto above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (sorted[above] - sorted[below]) * (place - static_cast<double>(below));
}

double student_t95(std::size_t degrees_of_freedom) {
  static constexpr std::array<double, 30> table{12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228,
                                                2.201,  2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086,
                                                2.080,  2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042};
  if (degrees_of_freedom == 0) {
    return table.front();
  }
  if (degrees_of_freedom <= table.size()) {
    return table[degrees_of_freedom - 1];
  }
  // Two terms of the Cornish-Fisher expansion around the normal quantile: right to 0.001 from 30 degrees on.
  constexpr double z = 1.959964;
  const auto v = static_cast<double>(degrees_of_freedom);
  return z + (z * z * z + z) / (4 * v) + (5 * std::pow(z, 5) + 16 * z * z * z + 3 * z) / (96 * v * v);
}

}  // namespace braid::measure
