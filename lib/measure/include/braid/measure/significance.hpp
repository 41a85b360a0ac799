#pragma once

#include <braid/measure/histogram.hpp>
#include <cstddef>
#include <optional>
#include <span>

namespace braid::measure {

/// What two sets of repeated measurements of one thing say of each other, such as the throughput of two builds.
struct mean_comparison {
  double ratio = 1;  ///< of the second to the first: of geometric means
  double low = 1;    ///< its confidence interval
  double high = 1;
  double p = 1;  ///< how often chance alone would part them so far, if there were no difference
};

/// Welch's t test, on logarithms: throughput and times scatter by factors. `confidence` is that of the interval.
/// Nothing with fewer than two values on a side, or with values that are not greater than 0.
std::optional<mean_comparison> compare_means(std::span<const double> first, std::span<const double> second,
                                             double confidence = 0.95);

/// What two sets of distributions say of each other; each histogram is a repetition.
struct distribution_comparison {
  /// How far the pooled distributions are apart: the mean over all percentiles of how much the value there differs, as
  /// a share. 0.05: values differ by 5 % on average (the Wasserstein distance of logarithms).
  double distance = 0;
  double p = 1;        ///< how often a random split of the same repetitions is as far apart
  double least_p = 1;  ///< the least that so few repetitions can give
};

/// A permutation test. What is shuffled are whole repetitions: requests within one depend on each other, and a test
/// that takes them for independent finds a difference between any two runs. Each repetition counts the same. All splits
/// are looked at where there are 20,000 or fewer, else 9,999 random ones (always the same).
///
/// Nothing when a side has no repetitions or one of them is empty.
std::optional<distribution_comparison> compare_distributions(std::span<const histogram> first,
                                                             std::span<const histogram> second);

/// Holm's correction: whether test number `i` of several is significant when, over all of them together, chance is to
/// be taken for a difference in `alpha` of cases at most.
bool significant(std::span<const double> p_values, std::size_t i, double alpha);

}  // namespace braid::measure
