#include <braid/measure/significance.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <random>
#include <vector>

namespace braid::measure {
namespace {

constexpr std::size_t most_splits = 20'000;
constexpr std::size_t random_splits = 9'999;
constexpr double rounding = 1e-9;  // sums in another order differ in their last digits

/// Cumulative shares of all repetitions at the edges of the buckets that any of them uses.
struct curves {
  std::vector<std::vector<double>> shares;  // [repetition][edge]
  std::vector<double> widths;               // from an edge to the next, in logarithms
};

double logarithm_of(std::size_t bucket) {
  return std::log(std::max(static_cast<double>(histogram::lowest_of(bucket)), 1.0));
}

curves curves_of(const std::vector<const histogram*>& all) {
  std::vector<std::size_t> used;
  for (std::size_t bucket = 0; bucket < all.front()->buckets().size(); ++bucket) {
    if (std::any_of(all.begin(), all.end(), [=](const histogram* h) { return h->buckets()[bucket] > 0; })) {
      used.push_back(bucket);
    }
  }
  curves out;
  for (std::size_t i = 0; i + 1 < used.size(); ++i) {
    out.widths.push_back(logarithm_of(used[i + 1]) - logarithm_of(used[i]));
  }
  for (const auto* h : all) {
    std::uint64_t seen = 0;
    auto& share = out.shares.emplace_back();
    for (std::size_t i = 0; i + 1 < used.size(); ++i) {
      seen += h->buckets()[used[i]];
      share.push_back(static_cast<double>(seen) / static_cast<double>(h->count()));
    }
  }
  return out;
}

/// The area between the mean curve of the repetitions that are in the first group and that of the others.
double area_between(const curves& of, const std::vector<char>& in_first, std::size_t first_size) {
  const auto n = in_first.size();
  const double weight_first = 1.0 / static_cast<double>(first_size);
  const double weight_second = -1.0 / static_cast<double>(n - first_size);
  double area = 0;
  for (std::size_t edge = 0; edge < of.widths.size(); ++edge) {
    double gap = 0;
    for (std::size_t i = 0; i < n; ++i) {
      gap += of.shares[i][edge] * (in_first[i] != 0 ? weight_first : weight_second);
    }
    area += std::abs(gap) * of.widths[edge];
  }
  return area;
}

/// How many ways there are to take k of n; stops counting above most_splits.
std::size_t ways(std::size_t n, std::size_t k) {
  double count = 1;
  for (std::size_t i = 1; i <= k; ++i) {
    count = count * static_cast<double>(n - k + i) / static_cast<double>(i);
    if (count > static_cast<double>(most_splits)) {
      return most_splits + 1;
    }
  }
  return static_cast<std::size_t>(std::llround(count));
}

/// Fisher and Yates, with numbers of our own: std::shuffle differs between libraries.
void shuffle(std::vector<char>& marks, std::mt19937_64& random) {
  for (std::size_t i = marks.size() - 1; i > 0; --i) {
    std::swap(marks[i], marks[random() % (i + 1)]);
  }
}

}  // namespace

std::optional<distribution_comparison> compare_distributions(std::span<const histogram> first,
                                                             std::span<const histogram> second) {
  std::vector<const histogram*> all;
  for (const auto side : {first, second}) {
    for (const auto& h : side) {
      all.push_back(&h);
    }
  }
  const bool empty = std::any_of(all.begin(), all.end(), [](const histogram* h) { return h->empty(); });
  if (first.empty() || second.empty() || empty) {
    return std::nullopt;
  }
  const auto of = curves_of(all);
  std::vector<char> in_first(all.size());
  std::fill_n(in_first.begin(), first.size(), 1);
  const double seen = area_between(of, in_first, first.size());
  const double as_far = seen - rounding;

  const auto splits = ways(all.size(), first.size());
  std::size_t far = 0;
  distribution_comparison found;
  found.distance = seen > rounding ? std::expm1(seen) : 0;
  if (splits <= most_splits) {
    std::sort(in_first.begin(), in_first.end());
    do {
      far += area_between(of, in_first, first.size()) >= as_far ? 1 : 0;
    } while (std::next_permutation(in_first.begin(), in_first.end()));
    found.p = static_cast<double>(far) / static_cast<double>(splits);
    // With sides of one size each split has a mirror image that is as far apart.
    found.least_p = (first.size() == second.size() ? 2.0 : 1.0) / static_cast<double>(splits);
  } else {
    std::mt19937_64 random(20230711);
    for (std::size_t i = 0; i < random_splits; ++i) {
      shuffle(in_first, random);
      far += area_between(of, in_first, first.size()) >= as_far ? 1 : 0;
    }
    found.p = static_cast<double>(far + 1) / static_cast<double>(random_splits + 1);
    found.least_p = 1.0 / static_cast<double>(random_splits + 1);
  }
  return found;
}

}  // namespace braid::measure
