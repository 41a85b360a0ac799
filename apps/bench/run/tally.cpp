#include "tally.hpp"

namespace braid::bench {
namespace {

std::uint64_t next_id() {
  static std::atomic<std::uint64_t> last{0};
  return ++last;
}

struct mine {
  std::uint64_t owner = 0;
  tally* found = nullptr;
};

thread_local mine cached;

}  // namespace

void tally::failed(const std::string& code, const std::string& message) {
  ++failures[code];
  examples.try_emplace(code, message);
}

std::uint64_t tally::failed_requests() const {
  std::uint64_t sum = 0;
  for (const auto& [code, count] : failures) {
    sum += count;
  }
  return sum;
}

void tally::merge(const tally& other) {
  latency.merge(other.latency);
  parse.merge(other.parse);
  bytes += other.bytes;
  records += other.records;
  saved_bytes += other.saved_bytes;
  named_failures += other.named_failures;
  for (const auto& [code, count] : other.failures) {
    failures[code] += count;
  }
  for (const auto& [code, message] : other.examples) {
    examples.try_emplace(code, message);
  }
  done += other.done;
}

tallies_shared::tallies_shared(std::size_t recorded_spans) : recorded_spans_(recorded_spans), id_(next_id()) {}

[[gnu::noinline]] tally& tallies_shared::of_this_thread() {
  if (cached.owner != id_) {
    const std::lock_guard lock(mutex_);
    cached = {id_, all_.emplace_back(std::make_unique<tally>()).get()};
    if (recorded_spans_ > 0) cached.found->spans = std::make_unique<measure::span_log>(recorded_spans_);
  }
  return *cached.found;
}

std::uint64_t tallies_shared::done() const {
  const std::lock_guard lock(mutex_);
  std::uint64_t sum = 0;
  for (const auto& one : all_) {
    sum += one->done.load(std::memory_order_relaxed);
  }
  return sum;
}

void tallies_shared::sum_into(tally& total) const {
  const std::lock_guard lock(mutex_);
  for (const auto& one : all_) {
    total.merge(*one);
  }
}

measure::timeline tallies_shared::timeline_of(const std::string& name, std::vector<std::string> phases) const {
  const std::lock_guard lock(mutex_);
  measure::timeline out;
  out.phases = std::move(phases);
  for (const auto& one : all_) {
    if (one->spans) out.add_lane(name + " " + std::to_string(out.lanes.size() + 1), *one->spans);
  }
  return out;
}

}  // namespace braid::bench
