#include <algorithm>
#include <braid/scrape/stage_stats.hpp>

namespace braid::scrape {

std::string_view to_string(stage which) noexcept {
  switch (which) {
    case stage::gather:
      return "gather";
    case stage::parse:
      return "parse";
    case stage::save:
      return "save";
  }
  return "";
}

stage_stats::stage_stats(unsigned contexts) {
  for (unsigned i = 0; i < contexts; ++i) rows_.push_back(std::make_unique<row>());
}

void stage_stats::enter(unsigned context, stage which, duration waited, bool was_queued) {
  auto& own = cell(context, which);
  if (was_queued) {
    add(own.waiting, -1);
    own.wait.record(waited);
  }
  add(own.in_flight, 1);
}

void stage_stats::leave(unsigned context, stage which, duration time, bool failed) {
  auto& own = cell(context, which);
  add(own.in_flight, -1);
  add(own.done, 1);
  if (failed) add(own.failed, 1);
  add(own.nanoseconds, std::chrono::nanoseconds(time).count());
  own.time.record(time);
}

stage_counts stage_stats::counts(stage which) const {
  std::int64_t waiting = 0, in_flight = 0, done = 0, failed = 0, nanoseconds = 0;
  for (const auto& own : rows_) {
    const auto& cell = own->stages[static_cast<std::size_t>(which)];
    waiting += cell.waiting.load(std::memory_order_relaxed);
    in_flight += cell.in_flight.load(std::memory_order_relaxed);
    done += cell.done.load(std::memory_order_relaxed);
    failed += cell.failed.load(std::memory_order_relaxed);
    nanoseconds += cell.nanoseconds.load(std::memory_order_relaxed);
  }
  const auto whole = [](std::int64_t n) { return static_cast<std::uint64_t>(std::max<std::int64_t>(n, 0)); };
  return stage_counts{whole(waiting), whole(in_flight), whole(done), whole(failed),
                      std::chrono::nanoseconds(nanoseconds)};
}

stage_report stage_stats::report(stage which) const {
  stage_report all;
  all.counts = counts(which);
  for (const auto& own : rows_) {
    const auto& cell = own->stages[static_cast<std::size_t>(which)];
    all.time.merge(cell.time);
    all.wait.merge(cell.wait);
  }
  return all;
}

}  // namespace braid::scrape
