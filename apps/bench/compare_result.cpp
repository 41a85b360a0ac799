#include "compare_result.hpp"

#include <algorithm>
#include <cmath>

namespace braid::bench {
namespace {

constexpr double alpha = 0.05;

change direction_of(double ratio) { return ratio < 1 ? change::lower : change::higher; }

compared_figure means_of(std::string name, const std::vector<double>& a, const std::vector<double>& b) {
  compared_figure figure;
  figure.name = std::move(name);
  // Of two repetitions the scatter is hardly known.
  if (a.size() >= 3 && b.size() >= 3) {
    figure.means = measure::compare_means(a, b);
  }
  if (figure.means) {
    figure.p = figure.means->p;
    figure.what = change::none;
  }
  return figure;
}

compared_figure latency_of(const measured& a, const measured& b) {
  compared_figure figure;
  figure.name = "latency";
  figure.shape = measure::compare_distributions(a.latency, b.latency);
  // A test that can never say "different" has not said "no difference".
  if (figure.shape && figure.shape->least_p <= alpha / 3) {
    figure.p = figure.shape->p;
    figure.what = change::none;
  }
  return figure;
}

/// Lower or higher if the percentiles that moved agree about it.
change direction_of(const std::vector<compared_figure>& percentiles, double least) {
  bool lower = false;
  bool higher = false;
  for (const auto& one : percentiles) {
    if (one.means) {
      lower = lower || one.means->high < 1 - least / 2;
      higher = higher || one.means->low > 1 + least / 2;
    }
  }
  return lower == higher ? change::other : lower ? change::lower : change::higher;
}

/// How large the difference is that a figure shows.
double size_of(const compared_figure& figure) {
  if (figure.shape) {
    return figure.shape->distance;
  }
  return figure.means ? std::expm1(std::abs(std::log(figure.means->ratio))) : 0;
}

std::vector<std::string> unlike_settings(const measured& a, const measured& b) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < std::min(a.settings.size(), b.settings.size()); ++i) {
    if (a.settings[i] != b.settings[i]) {
      out.push_back(a.settings[i] + " and " + b.settings[i]);
    }
  }
  return out;
}

bool is(const std::vector<compared_figure>& figures, change what) {
  return std::any_of(figures.begin(), figures.end(), [=](const compared_figure& f) { return f.what == what; });
}

}  // namespace

std::vector<double> measured::latency_at(double percent) const {
  std::vector<double> out;
  for (const auto& one : latency) {
    out.push_back(std::chrono::duration<double>(one.duration_at(percent)).count());
  }
  return out;
}

comparison compare(const measured& a, const measured& b, double least) {
  comparison result;
  if (!a.open_loop || !b.open_loop) {  // of an open loop it is what was asked for
    result.figures.push_back(means_of("throughput", a.throughput, b.throughput));
  }
  result.figures.push_back(latency_of(a, b));
  result.figures.push_back(means_of("CPU per request", a.cpu_per_request, b.cpu_per_request));
  const std::pair<const char*, double> percentiles[]{{"p50", 50}, {"p90", 90}, {"p99", 99}, {"p99.9", 99.9}};
  for (const auto& [name, percent] : percentiles) {
    result.percentiles.push_back(means_of(name, a.latency_at(percent), b.latency_at(percent)));
  }
  std::vector<double> p;
  for (const auto& figure : result.figures) {
    p.push_back(figure.p);
  }
  for (std::size_t i = 0; i < p.size(); ++i) {
    auto& figure = result.figures[i];
    if (figure.what == change::none && measure::significant(p, i, alpha) && size_of(figure) >= least) {
      figure.what = figure.means ? direction_of(figure.means->ratio) : direction_of(result.percentiles, least);
    }
  }
  result.unlike = unlike_settings(a, b);
  return result;
}

bool comparison::different() const {
  return is(figures, change::lower) || is(figures, change::higher) || is(figures, change::other);
}

bool comparison::unknown() const { return is(figures, change::unknown); }

bool comparison::worse() const {
  return std::any_of(figures.begin(), figures.end(), [](const compared_figure& f) {
    return f.what == (f.name == "throughput" ? change::lower : change::higher);
  });
}

}  // namespace braid::bench
