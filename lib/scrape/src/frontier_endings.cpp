#include <algorithm>
#include <braid/scrape/durable_frontier.hpp>
#include <utility>

#include "frontier_state.hpp"

namespace braid::scrape {

void durable_frontier::finish(std::span<const finished_job> jobs, std::uint64_t mark) {
  auto& s = *state_;
  totals next = s.sums;
  sqlite::transaction all(s.file);
  for (const auto& job : jobs) {
    const auto& at = s.lease_of(job.id);
    const auto id = static_cast<std::int64_t>(job.id);
    if (job.failed) s.run->fail.bind(1, at.lane).bind(2, at.priority).bind(3, id).bind(4, job.reason).run();
    s.run->remove.bind(1, at.lane).bind(2, at.priority).bind(3, id).run();
    if (!job.record.empty()) s.run->keep.bind(1, id).bind(2, job.record).run();
    ++(job.failed ? next.failed : next.done);
  }
  next.mark = static_cast<std::int64_t>(mark);
  next.marked = true;
  s.write_totals(next);
  all.commit();
  s.sums = next;
  for (const auto& job : jobs) s.leases.erase(static_cast<std::int64_t>(job.id));
}

void durable_frontier::give_back(std::uint64_t id, std::string_view reason, time not_before) {
  auto& s = *state_;
  const auto at = s.lease_of(id);
  const auto key = static_cast<std::int64_t>(id);
  auto due = s.earliest_due;
  sqlite::transaction all(s.file);
  s.run->again.bind(1, at.lane).bind(2, at.priority).bind(3, key).bind(4, reason).run();
  if (not_before > time()) {
    const auto when = milliseconds(not_before);
    s.run->later.bind(1, at.lane).bind(2, at.priority).bind(3, key).bind(4, when).run();
    s.run->remove.bind(1, at.lane).bind(2, at.priority).bind(3, key).run();
    due = due == 0 ? when : std::min(due, when);
  }
  all.commit();
  s.earliest_due = due;
  s.leases.erase(key);
  s.take_from_the_start();
}

std::size_t durable_frontier::retry_failed() {
  auto& s = *state_;
  totals next = s.sums;
  sqlite::transaction all(s.file);
  s.file.run("INSERT INTO ready SELECT lane, priority, id, text, attempts + 1, reason FROM failed; DELETE FROM failed");
  const auto moved = std::exchange(next.failed, 0);
  s.write_totals(next);
  all.commit();
  s.sums = next;
  s.take_from_the_start();
  return static_cast<std::size_t>(moved);
}

std::vector<std::string> durable_frontier::records(std::uint64_t after, std::size_t most) {
  sqlite::statement read(state_->file, "SELECT record FROM records WHERE n > ?1 ORDER BY n LIMIT ?2");
  read.bind(1, static_cast<std::int64_t>(after)).bind(2, static_cast<std::int64_t>(most));
  std::vector<std::string> records;
  while (read.next()) records.push_back(read.bytes(0));
  return records;
}

void durable_frontier::sync() { state_->file.run("PRAGMA wal_checkpoint"); }

}  // namespace braid::scrape
