#include <algorithm>
#include <braid/scrape/concurrency_limit.hpp>
#include <cmath>

namespace braid::scrape {
namespace {

/// Fewer requests than this say nothing.
constexpr std::size_t least_round = 16;
/// Rounds between two probes, once nothing new comes of them.
constexpr std::uint64_t longest_gap = 64;
/// A target that has become slower is believed so within some hundred rounds.
constexpr double forgetting = 1.005;
/// Standard errors that are put down to chance.
constexpr double doubt = 2;

}  // namespace

std::string_view to_string(limit_reason reason) noexcept {
  switch (reason) {
    case limit_reason::start:
      return "start";
    case limit_reason::room:
      return "room";
    case limit_reason::queue:
      return "queue";
    case limit_reason::overload:
      return "overload";
    case limit_reason::probe:
      return "probe";
    case limit_reason::probe_kept:
      return "probe_kept";
    case limit_reason::probe_over:
      return "probe_over";
  }
  return "";
}

concurrency_limit::concurrency_limit(const limit_options& options)
    : options_(options),
      limit_(static_cast<double>(std::clamp(options.start, std::max<std::size_t>(1, options.least), options.most))) {}

std::size_t concurrency_limit::limit() const { return static_cast<std::size_t>(limit_ + 0.5); }

void concurrency_limit::record(time_point started, time_point ended, bool overload, std::size_t under_way) {
  // The first to come found an empty target.
  if (begin_ == time_point::min()) begin_ = ended;
  // Those from before the limit changed tell of the limit before.
  if (started < begin_) return;
  most_under_way_ = std::max(most_under_way_, under_way + 1);
  if (overload) {
    ++overloaded_;
  } else {
    const double time = std::chrono::duration<double>(ended - started).count();
    ++good_;
    sum_ += time;
    squares_ += time * time;
  }
  if (good_ + overloaded_ >= std::max(least_round, limit())) end_round(ended);
}

void concurrency_limit::end_round(time_point now) {
  ++rounds_;
  const auto all = static_cast<double>(good_ + overloaded_);
  const bool overload = static_cast<double>(overloaded_) > options_.most_errors * all;
  if (overload) {
    // Of no use for anything else: what was answered at all may well have been answered fast.
    if (mode_ == mode::probe) mode_ = mode::normal;
    limit_ *= options_.after_errors;
    reason_ = limit_reason::overload;
  } else if (good_ > 0) {
    const auto count = static_cast<double>(good_);
    last_ = sum_ / count;
    const double variance = std::max(0.0, squares_ / count - last_ * last_);
    if (mode_ == mode::probe) {
      end_probe(last_);
    } else {
      adjust(last_, std::sqrt(variance / count));
    }
  }
  limit_ = std::clamp(limit_, static_cast<double>(std::max<std::size_t>(1, options_.least)),
                      static_cast<double>(options_.most));
  begin_ = now;
  good_ = overloaded_ = most_under_way_ = 0;
  sum_ = squares_ = 0;
}

void concurrency_limit::adjust(double mean, double spread) {
  alone_ = alone_ == 0 ? mean : std::min(alone_ * forgetting, mean);
  if (rounds_ >= next_probe_ && limit_ >= 2) {
    begin_probe();
    return;
  }
  const double expected = alone_ * options_.tolerance + doubt * spread;
  const double share = mean > 0 ? std::clamp(expected / mean, 0.5, 1.0) : 1;
  const bool used = static_cast<double>(most_under_way_) >= limit_ * 0.75;
  if (share == 1 && !used) return;
  const double before = limit_;
  limit_ = limit_ * share + std::sqrt(limit_) / 2;
  reason_ = limit_ < before ? limit_reason::queue : limit_reason::room;
}

void concurrency_limit::begin_probe() {
  mode_ = mode::probe;
  before_probe_ = limit_;
  mean_before_probe_ = last_;
  limit_ /= 2;
  reason_ = limit_reason::probe;
}

/// With half as many, requests that took half the time or so have brought as much done: the other half only waited.
void concurrency_limit::end_probe(double mean) {
  mode_ = mode::normal;
  const double done = mean > 0 ? mean_before_probe_ / (2 * mean) : 0;
  const bool news = mean < alone_ / options_.tolerance;
  alone_ = std::min(alone_, mean);
  if (done >= 0.9) {
    next_probe_ = rounds_ + 1;
    reason_ = limit_reason::probe_kept;
    probe_gap_ = 8;
    return;
  }
  limit_ = before_probe_;
  reason_ = limit_reason::probe_over;
  probe_gap_ = news ? 8 : std::min(probe_gap_ * 2, longest_gap);
  next_probe_ = rounds_ + probe_gap_;
}

}  // namespace braid::scrape
