#include <braid/measure/scalability.hpp>
#include <braid/measure/summary.hpp>

#include <algorithm>
#include <cmath>

namespace braid::measure {

double scalability::throughput(double workers) const {
  return lambda * workers / (1 + sigma * (workers - 1) + kappa * workers * (workers - 1));
}

std::optional<double> scalability::peak() const {
  if (kappa <= 0) {
    return std::nullopt;
  }
  return std::max(std::sqrt(std::max(1 - sigma, 0.0) / kappa), 1.0);
}

std::optional<double> scalability::ceiling() const {
  if (const auto at = peak()) {
    return throughput(*at);
  }
  return sigma > 0 ? std::optional(lambda / sigma) : std::nullopt;
}

bounded_figure scalability_fit::predict(double workers) const {
  std::vector<double> values;
  for (const auto& one : resampled) {
    values.push_back(one.throughput(workers));
  }
  std::sort(values.begin(), values.end());
  const double value = model.throughput(workers);
  return {value, std::min(percentile_of(values, 2.5), value), std::max(percentile_of(values, 97.5), value)};
}

}  // namespace braid::measure
