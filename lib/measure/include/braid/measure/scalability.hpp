#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace braid::measure {

/// Throughput measured with so many workers (contexts, or requests in flight): a value for each repetition.
struct scaling_point {
  double workers = 1;
  std::vector<double> throughput;
};

/// The Universal Scalability Law (Gunther): throughput with N workers is
///
///     X(N) = lambda N / (1 + sigma (N - 1) + kappa N (N - 1))
///
/// lambda is what one worker alone does in a second. sigma, contention, is the share of the work that can go on in one
/// place at a time: it bounds the speed-up at 1 / sigma. kappa, coherency, is what workers cost each other by pairs: it
/// makes throughput fall beyond a peak.
struct scalability {
  double lambda = 0;
  double sigma = 0;
  double kappa = 0;

  double throughput(double workers) const;
  /// Where throughput is highest; nothing when it rises for ever.
  std::optional<double> peak() const;
  /// The highest throughput that any number of workers can have; nothing when there is no bound.
  std::optional<double> ceiling() const;
};

/// A figure with the bounds of its 95 % confidence interval.
struct bounded_figure {
  double value = 0;
  double low = 0;
  double high = 0;
};

/// A fit, with what is known of how good it is.
struct scalability_fit {
  scalability model;
  bounded_figure lambda;
  bounded_figure sigma;
  bounded_figure kappa;
  /// Share of the variance of the means that the model explains; 1 is all.
  double r_squared = 1;
  /// False where there were too few points for kappa, which is then 0 (Amdahl's law).
  bool with_kappa = true;
  /// Models of resampled measurements: what predict() takes its bounds from.
  std::vector<scalability> resampled;

  /// X(workers) with its 95 % bounds. Beyond the measured points this is a prediction and no more.
  bounded_figure predict(double workers) const;
};

/// Fits the law by least squares of relative errors, with sigma and kappa not below 0. With points for two numbers of
/// workers kappa is left out; with fewer there is no fit. The bounds come from a bootstrap of 1,000 rounds with a fixed
/// seed: repetitions are drawn anew at each point where there are two or more, else residuals.
///
/// Throws: invalid_argument for workers below 1 and throughputs not above 0.
std::optional<scalability_fit> fit_scalability(std::span<const scaling_point> points);

}  // namespace braid::measure
