#include <braid/measure/histogram.hpp>

#include <cmath>

namespace braid::measure {

void histogram::merge(const histogram& other) {
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    counts_[i] += other.counts_[i];
  }
  total_ += other.total_;
  sum_ += other.sum_;
  min_ = std::min(min_, other.min_);
  max_ = std::max(max_, other.max_);
}

void histogram::clear() { *this = histogram{}; }

histogram histogram::restored(std::span<const std::pair<std::uint64_t, std::uint64_t>> counts, std::uint64_t min,
                              std::uint64_t max, double mean) {
  histogram h;
  for (const auto& [value, times] : counts) {
    h.record(value, times);
  }
  if (!h.empty()) {
    h.min_ = min;
    h.max_ = max;
    h.sum_ = mean * static_cast<double>(h.total_);
  }
  return h;
}

std::uint64_t histogram::percentile(double percent) const {
  if (empty() || percent <= 0) {
    return min();
  }
  if (percent >= 100) {
    return max();
  }
  // The product of 99.9 and 1000 is a hair above 999 in floating point and must not become rank 1000.
  const double exact = percent / 100 * static_cast<double>(total_);
  const auto rank = std::max<std::uint64_t>(static_cast<std::uint64_t>(std::ceil(exact - 1e-9 * exact)), 1);
  std::uint64_t seen = 0;
  for (std::size_t i = bucket_of(min_); i < counts_.size(); ++i) {
    seen += counts_[i];
    if (seen >= rank) {
      const auto middle = lowest_of(i) + (highest_of(i) - lowest_of(i)) / 2;
      return std::clamp(middle, min_, max_);
    }
  }
  return max();
}

std::chrono::nanoseconds histogram::duration_at(double percent) const {
  constexpr auto most = static_cast<std::uint64_t>(std::chrono::nanoseconds::max().count());
  return std::chrono::nanoseconds{static_cast<std::chrono::nanoseconds::rep>(std::min(percentile(percent), most))};
}

}  // namespace braid::measure
