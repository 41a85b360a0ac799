#include "run_tally.hpp"

#include <utility>

namespace braid::fetch {

template <class Change>
void run_tally_shared::change(const std::string& engine, const std::string& proxy, Change what) {
  what(engines_[engine]);
  if (!proxy.empty()) what(proxies_[proxy]);
}

void run_tally_shared::expect(const std::string& engine, std::uint64_t requests) {
  const std::lock_guard lock(mutex_);
  engines_[engine].total += requests;
}

void run_tally_shared::began(const std::string& engine, const std::string& proxy) {
  const std::lock_guard lock(mutex_);
  change(engine, proxy, [](tally_counts& counts) { ++counts.in_flight; });
}

void run_tally_shared::ended(const std::string& engine, const std::string& proxy, duration time, bool answered) {
  const double seconds = std::chrono::duration<double>(time).count();
  const std::lock_guard lock(mutex_);
  change(engine, proxy, [&](tally_counts& counts) {
    --counts.in_flight;
    ++counts.attempts;
    counts.answered += answered ? 1 : 0;
    counts.seconds += seconds;
  });
  if (!answered) return;
  times_[engine].record(time);
  recent_.record(time);
}

void run_tally_shared::saved(const std::string& engine, const std::string& proxy, outcome what) {
  const std::lock_guard lock(mutex_);
  change(engine, proxy, [what](tally_counts& counts) {
    ++(what == outcome::success ? counts.done : what == outcome::blocked ? counts.blocked : counts.failed);
  });
}

run_tally_shared::by_name run_tally_shared::engines() const {
  const std::lock_guard lock(mutex_);
  return engines_;
}

run_tally_shared::by_name run_tally_shared::proxies() const {
  const std::lock_guard lock(mutex_);
  return proxies_;
}

std::map<std::string, measure::histogram> run_tally_shared::times() const {
  const std::lock_guard lock(mutex_);
  return times_;
}

measure::histogram run_tally_shared::take_recent() {
  const std::lock_guard lock(mutex_);
  return std::exchange(recent_, measure::histogram());
}

}  // namespace braid::fetch
