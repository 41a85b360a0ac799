#pragma once

#include <algorithm>
#include <bit>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <vector>

namespace braid::measure {

/// Counts values (latencies in nanoseconds, sizes in bytes) so that any percentile can be asked for later.
///
/// The buckets are log-linear: values below 256 are counted exactly, above that each power of two has 128 buckets, so
/// that a reported value is within 0.4 % of one that was recorded. The range is all of uint64. A record is a shift and
/// an increment. Histograms of several contexts or runs are added up with merge(), which loses nothing.
///
/// Threads: none; one histogram a context, merged at the end.
/// Limits: 58 KiB each, whatever is recorded.
class histogram {
 public:
  histogram() : counts_(bucket_count) {}

  void record(std::uint64_t value, std::uint64_t times = 1) {
    counts_[bucket_of(value)] += times;
    total_ += times;
    sum_ += static_cast<double>(value) * static_cast<double>(times);
    min_ = std::min(min_, value);
    max_ = std::max(max_, value);
  }

  /// A negative duration counts as zero.
  void record(std::chrono::nanoseconds value) {
    record(static_cast<std::uint64_t>(std::max<std::chrono::nanoseconds::rep>(value.count(), 0)));
  }

  void merge(const histogram& other);
  void clear();

  std::uint64_t count() const { return total_; }
  bool empty() const { return total_ == 0; }

  /// Exact. Zero when nothing was recorded.
  std::uint64_t min() const { return empty() ? 0 : min_; }
  std::uint64_t max() const { return empty() ? 0 : max_; }
  double mean() const { return empty() ? 0 : sum_ / static_cast<double>(total_); }

  /// The smallest recorded value that at least `percent` % of the values do not exceed (nearest rank), within 0.4 %.
  /// 0 gives the minimum, 100 the maximum, both exact; an empty histogram gives 0.
  std::uint64_t percentile(double percent) const;

  /// percentile() of a histogram of durations.
  std::chrono::nanoseconds duration_at(double percent) const;

  /// A histogram put together again from pairs of a value and how often it came, and the exact figures buckets do not
  /// hold.
  static histogram restored(std::span<const std::pair<std::uint64_t, std::uint64_t>> counts, std::uint64_t min,
                            std::uint64_t max, double mean);

  /// Buckets, for export and for plots: every recorded value v is in bucket_of(v), which spans [lowest, highest].
  static constexpr std::size_t bucket_of(std::uint64_t value) {
    const auto shift = shift_of(value);
    return (static_cast<std::size_t>(shift) << half_bits) + static_cast<std::size_t>(value >> shift);
  }
  static constexpr std::uint64_t lowest_of(std::size_t bucket) {
    if (bucket < (std::size_t{2} << half_bits)) {
      return bucket;
    }
    const auto shift = (bucket >> half_bits) - 1;
    return static_cast<std::uint64_t>(bucket - (shift << half_bits)) << shift;
  }
  static constexpr std::uint64_t highest_of(std::size_t bucket) {
    return bucket + 1 == bucket_count ? std::numeric_limits<std::uint64_t>::max() : lowest_of(bucket + 1) - 1;
  }
  const std::vector<std::uint64_t>& buckets() const { return counts_; }

 private:
  static constexpr unsigned half_bits = 7;  // 128 buckets for each power of two: half a bucket is 1/256 of its value
  static constexpr std::size_t bucket_count = (std::size_t{64 - half_bits} + 1) << half_bits;

  static constexpr unsigned shift_of(std::uint64_t value) {
    // The lowest bits are set so that small values need no branch: their bit width is half_bits + 1, their shift 0.
    constexpr auto small = (std::uint64_t{2} << half_bits) - 1;
    return static_cast<unsigned>(std::bit_width(value | small)) - (half_bits + 1);
  }

  std::vector<std::uint64_t> counts_;
  std::uint64_t total_ = 0;
  double sum_ = 0;
  std::uint64_t min_ = std::numeric_limits<std::uint64_t>::max();
  std::uint64_t max_ = 0;
};

}  // namespace braid::measure
