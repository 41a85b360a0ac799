#include "saver.hpp"

#include <utility>
#include <vector>

namespace braid::fetch {
namespace {

/// What a power failure may cost. A kill costs nothing.
constexpr auto sync_interval = std::chrono::seconds(2);

}  // namespace

saver::saver(std::unique_ptr<scrape::sink> sink, std::unique_ptr<stored_jobs_shared> state, format as)
    : sink_(std::move(sink)), state_(std::move(state)), as_(as), synced_(clock::now()) {}

void saver::save(std::span<item> items) {
  const auto now = std::chrono::system_clock::now();
  std::vector<std::string> texts;
  texts.reserve(items.size());
  for (auto& one : items) texts.push_back(finished_text(one.record, one.times, now, as_));
  sink_->write(texts);
  // The records first, and on the disk: if the process or the machine dies in between, the position cuts them off and
  // the jobs are done again.
  if (state_) {
    sink_->sync();
    std::vector<stored_jobs_shared::ending> ended;
    ended.reserve(items.size());
    for (const auto& one : items)
      ended.push_back({&one.job, one.record.what != outcome::success, one.record.error_code});
    state_->finish(ended, sink_->position());
  }
  for (const auto& one : items) {
    auto& counter = one.record.what == outcome::success   ? success_
                    : one.record.what == outcome::blocked ? blocked_
                                                          : failed_;
    counter.fetch_add(1, std::memory_order_relaxed);
    if (!one.record.error_code.empty()) ++errors_[one.record.error_code];
  }
  sync_now_and_then();
}

void saver::sync_now_and_then() {
  if (clock::now() - synced_ < sync_interval) return;
  sink_->sync();
  synced_ = clock::now();
}

void saver::finish() {
  sink_->finish();
  if (state_) state_->sync();
}

saved_counts saver::counts() const {
  saved_counts counts;
  counts.success = success_.load(std::memory_order_relaxed);
  counts.blocked = blocked_.load(std::memory_order_relaxed);
  counts.failed = failed_.load(std::memory_order_relaxed);
  return counts;
}

}  // namespace braid::fetch
