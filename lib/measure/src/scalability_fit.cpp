#include <braid/core/error.hpp>
#include <braid/measure/scalability.hpp>
#include <braid/measure/summary.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <random>

namespace braid::measure {
namespace {

constexpr int rounds = 1000;

/// Throughput at a number of workers, as one figure.
struct sample {
  double workers = 1;
  double throughput = 0;
};

/// The law turned over is linear in its unknowns: N / X = a + b (N - 1) + c N (N - 1), with a = 1 / lambda,
/// b = sigma / lambda, c = kappa / lambda.
using coefficients = std::array<double, 3>;
using row = std::array<double, 3>;

row terms_of(double workers) { return {1, workers - 1, workers * (workers - 1)}; }

/// Solves the normal equations for the columns that are used; the others stay 0. Nothing when they are not independent.
std::optional<coefficients> solve(const std::array<row, 3>& matrix, const row& right, const std::array<bool, 3>& used) {
  std::array<std::array<double, 4>, 3> m{};
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j < 3; ++j) {
      m[i][j] = used[i] && used[j] ? matrix[i][j] : (i == j ? 1 : 0);
    }
    m[i][3] = used[i] ? right[i] : 0;
  }
  for (std::size_t column = 0; column < 3; ++column) {
    std::size_t pivot = column;
    for (std::size_t i = column + 1; i < 3; ++i) {
      pivot = std::abs(m[i][column]) > std::abs(m[pivot][column]) ? i : pivot;
    }
    std::swap(m[column], m[pivot]);
    if (std::abs(m[column][column]) < 1e-12) {
      return std::nullopt;
    }
    for (std::size_t i = 0; i < 3; ++i) {
      if (i != column) {
        const double factor = m[i][column] / m[column][column];
        for (std::size_t j = column; j < 4; ++j) {
          m[i][j] -= factor * m[column][j];
        }
      }
    }
  }
  return coefficients{m[0][3] / m[0][0], m[1][3] / m[1][1], m[2][3] / m[2][2]};
}

/// Sum of squares of relative errors.
double badness(const std::vector<sample>& samples, const coefficients& c) {
  double sum = 0;
  for (const auto& s : samples) {
    const auto t = terms_of(s.workers);
    const double ratio = (c[0] * t[0] + c[1] * t[1] + c[2] * t[2]) * s.throughput / s.workers;
    sum += (ratio - 1) * (ratio - 1);
  }
  return sum;
}

/// Least squares with no coefficient below 0. There are so few of them that every choice of which are 0 is tried.
std::optional<scalability> fit(const std::vector<sample>& samples, bool with_kappa) {
  std::array<row, 3> matrix{};
  row right{};
  // In a unit of its own, so that the smallest pivot means the same for any throughput.
  const double unit = samples.front().throughput / samples.front().workers;
  for (const auto& s : samples) {
    auto t = terms_of(s.workers);
    const double weight = s.throughput / (s.workers * unit);
    for (std::size_t i = 0; i < 3; ++i) {
      t[i] *= weight;
    }
    for (std::size_t i = 0; i < 3; ++i) {
      right[i] += t[i];
      for (std::size_t j = 0; j < 3; ++j) {
        matrix[i][j] += t[i] * t[j];
      }
    }
  }
  std::optional<scalability> best;
  double least = 0;
  for (const bool sigma : {true, false}) {
    for (const bool kappa : {true, false}) {
      if (kappa && !with_kappa) {
        continue;
      }
      auto found = solve(matrix, right, {true, sigma, kappa});
      if (!found || (*found)[0] <= 0 || (*found)[1] < 0 || (*found)[2] < 0) {
        continue;
      }
      for (auto& c : *found) {
        c /= unit;
      }
      const double bad = badness(samples, *found);
      if (!best || bad < least) {
        least = bad;
        best = scalability{1 / (*found)[0], (*found)[1] / (*found)[0], (*found)[2] / (*found)[0]};
      }
    }
  }
  return best;
}

std::vector<sample> means_of(std::span<const scaling_point> points) {
  std::vector<sample> out;
  for (const auto& point : points) {
    if (point.workers < 1 || point.throughput.empty()) {
      throw invalid_argument("scalability: a point has one worker at least and one measurement");
    }
    for (const double value : point.throughput) {
      if (!(value > 0) || !std::isfinite(value)) {
        throw invalid_argument("scalability: throughput must be greater than 0");
      }
    }
    out.push_back({point.workers, summarize(point.throughput).mean});
  }
  return out;
}

double explained(const std::vector<sample>& samples, const scalability& model) {
  double mean = 0;
  for (const auto& s : samples) {
    mean += s.throughput / static_cast<double>(samples.size());
  }
  double left = 0;
  double all = 0;
  for (const auto& s : samples) {
    const double error = s.throughput - model.throughput(s.workers);
    left += error * error;
    all += (s.throughput - mean) * (s.throughput - mean);
  }
  return all > 0 ? std::max(1 - left / all, 0.0) : 1;
}

/// One round of the bootstrap: the measurements as they might have come out as well.
std::vector<sample> drawn(std::span<const scaling_point> points, const std::vector<sample>& means,
                          const scalability& model, std::mt19937_64& random) {
  std::vector<sample> out;
  for (const auto& point : points) {
    const auto n = point.throughput.size();
    double value = 0;
    if (n >= 2) {
      // The mean of n drawn from n scatters less than a mean of n does, by (n - 1) / n: made up for.
      const double mean = summarize(point.throughput).mean;
      for (std::size_t i = 0; i < n; ++i) {
        value += point.throughput[random() % n] / static_cast<double>(n);
      }
      value = mean + (value - mean) * std::sqrt(static_cast<double>(n) / static_cast<double>(n - 1));
    } else {
      const auto& other = means[random() % means.size()];
      value = model.throughput(point.workers) * other.throughput / model.throughput(other.workers);
    }
    out.push_back({point.workers, std::max(value, 1e-9 * model.lambda)});
  }
  return out;
}

template <class Of>
bounded_figure bounds_of(const std::vector<scalability>& resampled, double value, Of of) {
  std::vector<double> values;
  for (const auto& one : resampled) {
    values.push_back(of(one));
  }
  std::sort(values.begin(), values.end());
  return {value, std::min(percentile_of(values, 2.5), value), std::max(percentile_of(values, 97.5), value)};
}

std::size_t different_workers(const std::vector<sample>& samples) {
  std::vector<double> workers;
  for (const auto& s : samples) {
    workers.push_back(s.workers);
  }
  std::sort(workers.begin(), workers.end());
  return static_cast<std::size_t>(std::unique(workers.begin(), workers.end()) - workers.begin());
}

}  // namespace

std::optional<scalability_fit> fit_scalability(std::span<const scaling_point> points) {
  const auto means = means_of(points);
  const auto count = different_workers(means);
  if (count < 2) {
    return std::nullopt;
  }
  scalability_fit out;
  out.with_kappa = count >= 3;
  const auto model = fit(means, out.with_kappa);
  if (!model) {
    return std::nullopt;
  }
  out.model = *model;
  out.r_squared = explained(means, *model);
  std::mt19937_64 random(19930401);
  for (int i = 0; i < rounds; ++i) {
    if (const auto again = fit(drawn(points, means, *model, random), out.with_kappa)) {
      out.resampled.push_back(*again);
    }
  }
  out.lambda = bounds_of(out.resampled, model->lambda, [](const scalability& s) { return s.lambda; });
  out.sigma = bounds_of(out.resampled, model->sigma, [](const scalability& s) { return s.sigma; });
  out.kappa = bounds_of(out.resampled, model->kappa, [](const scalability& s) { return s.kappa; });
  return out;
}

}  // namespace braid::measure
