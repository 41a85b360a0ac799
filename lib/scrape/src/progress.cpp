#include <braid/scrape/progress.hpp>

namespace braid::scrape {
namespace {

constexpr int samples_in_window = 60;
/// Less than this says nothing about the rate.
constexpr std::uint64_t least_finished = 3;
constexpr auto least_time = std::chrono::milliseconds(500);

double seconds(duration time) { return std::chrono::duration<double>(time).count(); }

}  // namespace

progress_meter::progress_meter(time_point begin, duration window) : begin_(begin), window_(window) {
  samples_.push_back(sample{begin, 0});
}

void progress_meter::update(std::uint64_t finished, time_point now) {
  // The last sample is moved on until it is far enough from the one before, which bounds their number.
  const bool move_last = samples_.size() > 1 && now - samples_[samples_.size() - 2].when < window_ / samples_in_window;
  if (move_last) {
    samples_.back() = sample{now, finished};
  } else {
    samples_.push_back(sample{now, finished});
  }
  while (samples_.size() > 2 && samples_[1].when <= now - window_) samples_.pop_front();
}

double progress_meter::rate() const {
  const auto time = samples_.back().when - samples_.front().when;
  if (time <= duration::zero()) return 0;
  return static_cast<double>(samples_.back().finished - samples_.front().finished) / seconds(time);
}

double progress_meter::mean_rate() const {
  const auto time = elapsed();
  return time <= duration::zero() ? 0 : static_cast<double>(samples_.back().finished) / seconds(time);
}

std::optional<duration> progress_meter::remaining(std::uint64_t left) const {
  if (left == 0) return duration::zero();
  if (samples_.back().finished < least_finished || elapsed() < least_time) return std::nullopt;
  const double now = rate();
  if (now <= 0) return std::nullopt;
  return std::chrono::duration_cast<duration>(std::chrono::duration<double>(static_cast<double>(left) / now));
}

}  // namespace braid::scrape
