#include "compare_result.hpp"

#include <algorithm>
#include <braid/core/error.hpp>
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
  if (figure.shape) {
    figure.p = figure.shape->p;
    figure.what = change::none;
  }
  return figure;
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

/// What is to be tested of one part, and what is shown beside it.
compared_part part_of(const measured& a, const measured& b) {
  compared_part out;
  out.a = a;
  out.b = b;
  if (!a.open_loop || !b.open_loop) {  // of an open loop it is what was asked for
    out.figures.push_back(means_of("throughput", a.throughput, b.throughput));
  }
  out.figures.push_back(latency_of(a, b));
  out.figures.push_back(means_of("CPU per request", a.cpu_per_request, b.cpu_per_request));
  const std::pair<const char*, double> percentiles[]{{"p50", 50}, {"p90", 90}, {"p99", 99}, {"p99.9", 99.9}};
  for (const auto& [name, percent] : percentiles) {
    out.percentiles.push_back(means_of(name, a.latency_at(percent), b.latency_at(percent)));
  }
  out.unlike = unlike_settings(a, b);
  return out;
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

std::vector<const compared_figure*> figures_of(const comparison& result) {
  std::vector<const compared_figure*> out;
  for (const auto& part : result.parts) {
    for (const auto& figure : part.figures) out.push_back(&figure);
  }
  return out;
}

bool any(const comparison& result, bool (*is)(const compared_figure&)) {
  const auto figures = figures_of(result);
  return std::any_of(figures.begin(), figures.end(), [is](const auto* figure) { return is(*figure); });
}

/// Says of each figure what became of it, in the light of all of them.
void judge(comparison& result, double least) {
  std::vector<double> p;
  for (const auto* figure : figures_of(result)) p.push_back(figure->p);
  std::size_t i = 0;
  for (auto& part : result.parts) {
    for (auto& figure : part.figures) {
      const bool significant = measure::significant(p, i++, alpha);
      if (figure.what == change::unknown) continue;
      // A test that can never say "different" has not said "no difference".
      if (figure.shape && figure.shape->least_p > alpha / static_cast<double>(p.size())) {
        figure.what = change::unknown;
      } else if (significant && size_of(figure) >= least) {
        figure.what = figure.means ? direction_of(figure.means->ratio) : direction_of(part.percentiles, least);
      }
    }
  }
}

const measured* find(const std::vector<measured>& in, const std::string& part) {
  const auto found = std::find_if(in.begin(), in.end(), [&](const measured& one) { return one.part == part; });
  return found == in.end() ? nullptr : &*found;
}

}  // namespace

std::vector<double> measured::latency_at(double percent) const {
  std::vector<double> out;
  for (const auto& one : latency) {
    out.push_back(std::chrono::duration<double>(one.duration_at(percent)).count());
  }
  return out;
}

comparison compare(const std::vector<measured>& a, const std::vector<measured>& b, double least) {
  comparison result;
  for (const auto& one : a) {
    if (const auto* other = find(b, one.part)) {
      result.parts.push_back(part_of(one, *other));
    } else {
      result.alone.push_back(one.name + ": " + one.part);
    }
  }
  for (const auto& one : b) {
    if (!find(a, one.part)) result.alone.push_back(one.name + ": " + one.part);
  }
  if (result.parts.empty()) {
    throw invalid_argument("compare: the two files measured nothing alike; one command wrote this, another one that?");
  }
  judge(result, least);
  return result;
}

std::size_t repetitions_needed(std::size_t figures) {
  std::size_t a_side = 2;
  double splits = 6;  // of 2n repetitions into halves; each and its mirror image are as far apart
  while (2 / splits > alpha / static_cast<double>(figures)) {
    ++a_side;
    const auto n = static_cast<double>(a_side);
    splits *= (2 * n) * (2 * n - 1) / (n * n);
  }
  return a_side;
}

bool comparison::different() const {
  return any(*this, [](const compared_figure& f) { return f.what != change::none && f.what != change::unknown; });
}

bool comparison::unknown() const {
  return any(*this, [](const compared_figure& f) { return f.what == change::unknown; });
}

bool comparison::worse() const {
  return any(*this, [](const compared_figure& f) {
    return f.what == (f.name == "throughput" ? change::lower : change::higher);
  });
}

}  // namespace braid::bench
