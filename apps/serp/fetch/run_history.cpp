#include "run_history.hpp"

#include <algorithm>
#include <utility>

namespace braid::fetch {
namespace {

constexpr std::size_t most_samples = 1200;

/// Keeps the last of each pair.
template <class T>
void halve(std::vector<T>& all) {
  std::vector<T> kept;
  kept.reserve(all.size());
  for (std::size_t i = 1; i < all.size(); i += 2) kept.push_back(std::move(all[i]));
  all = std::move(kept);
}

}  // namespace

void run_history::add(const run_sample& sample) {
  samples_.push_back(sample);
  if (samples_.size() < most_samples) return;
  // A peak is what one looks for: the pair's sample keeps it.
  for (std::size_t i = 1; i < samples_.size(); i += 2) {
    samples_[i].p50_s = std::max(samples_[i].p50_s, samples_[i - 1].p50_s);
    samples_[i].p99_s = std::max(samples_[i].p99_s, samples_[i - 1].p99_s);
  }
  halve(samples_);
  interval_s_ *= 2;
}

void limit_history::add(const limit_change& change) {
  if (++skipped_ < stride_) return;
  skipped_ = 0;
  changes_.push_back(change);
  if (changes_.size() < most_samples) return;
  halve(changes_);
  stride_ *= 2;
}

}  // namespace braid::fetch
