#include <braid/measure/significance.hpp>
#include <braid/measure/summary.hpp>

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <vector>

namespace braid::measure {
namespace {

std::optional<summary> of_logarithms(std::span<const double> values) {
  std::vector<double> logarithms;
  for (const double value : values) {
    if (!(value > 0) || !std::isfinite(value)) {
      return std::nullopt;
    }
    logarithms.push_back(std::log(value));
  }
  return logarithms.size() < 2 ? std::nullopt : std::optional(summarize(logarithms));
}

}  // namespace

std::optional<mean_comparison> compare_means(std::span<const double> first, std::span<const double> second,
                                             double confidence) {
  const auto a = of_logarithms(first);
  const auto b = of_logarithms(second);
  if (!a || !b) {
    return std::nullopt;
  }
  const double difference = b->mean - a->mean;
  const auto square_error = [](const summary& s) { return s.stdev * s.stdev / static_cast<double>(s.count); };
  const double error_a = square_error(*a);
  const double error_b = square_error(*b);
  const double error = std::sqrt(error_a + error_b);
  mean_comparison found;
  found.ratio = std::exp(difference);
  if (error <= 1e-12) {  // no scatter at all: counts, not times
    found.low = found.high = found.ratio;
    found.p = std::abs(difference) <= 1e-12 ? 1 : 0;
    return found;
  }
  // Welch and Satterthwaite.
  const double freedom =
      (error_a + error_b) * (error_a + error_b) /
      (error_a * error_a / static_cast<double>(a->count - 1) + error_b * error_b / static_cast<double>(b->count - 1));
  const boost::math::students_t t(freedom);
  const double half = error * boost::math::quantile(t, 0.5 + confidence / 2);
  found.low = std::exp(difference - half);
  found.high = std::exp(difference + half);
  found.p = 2 * boost::math::cdf(boost::math::complement(t, std::abs(difference) / error));
  return found;
}

bool significant(std::span<const double> p_values, std::size_t i, double alpha) {
  // In order of p, each is held against alpha / (how many are left); the first that fails ends it for all behind it.
  std::vector<double> sorted(p_values.begin(), p_values.end());
  std::sort(sorted.begin(), sorted.end());
  for (std::size_t rank = 0; rank < sorted.size(); ++rank) {
    if (sorted[rank] > alpha / static_cast<double>(sorted.size() - rank)) {
      return p_values[i] < sorted[rank];
    }
  }
  return true;
}

}  // namespace braid::measure
