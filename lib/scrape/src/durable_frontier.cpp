#include <algorithm>
#include <braid/scrape/durable_frontier.hpp>

#include "frontier_state.hpp"
#include "key_digest.hpp"

namespace braid::scrape {

durable_frontier::durable_frontier(const std::filesystem::path& path, std::string_view subject,
                                   const durable_frontier_options& options)
    : state_(std::make_unique<state>(path, subject, options)) {}

durable_frontier::~durable_frontier() = default;

std::size_t durable_frontier::add(std::span<const new_job> jobs) {
  auto& s = *state_;
  std::vector<digest> digests(jobs.size());
  std::transform(jobs.begin(), jobs.end(), digests.begin(), [](const new_job& job) { return key_digest(job.key); });
  s.seen->make_room();

  sqlite::transaction all(s.file);
  const auto fresh = s.seen->add(digests);
  totals next = s.sums;
  bool before_cursor = false;
  auto due = s.earliest_due;
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    if (!fresh[i]) continue;
    const auto& job = jobs[i];
    ++next.added;
    if (job.not_before > time()) {
      const auto when = milliseconds(job.not_before);
      s.run->delay.bind(1, when).bind(2, next.added).bind(3, job.lane).bind(4, job.priority).bind(5, job.text).run();
      due = due == 0 ? when : std::min(due, when);
      continue;
    }
    s.run->add.bind(1, job.lane).bind(2, job.priority).bind(3, next.added).bind(4, job.text).run();
    const auto last = s.cursors.find(job.lane);
    before_cursor = before_cursor || (last != s.cursors.end() && job.priority < last->second.priority);
  }
  const auto added = static_cast<std::size_t>(next.added - s.sums.added);
  if (added > 0) {
    s.write_totals(next);
    all.commit();
    s.seen->committed();
  }
  s.sums = next;
  s.earliest_due = due;
  if (before_cursor) s.take_from_the_start();
  return added;
}

std::vector<taken_job> durable_frontier::take(std::size_t most, time now, int lane) {
  auto& s = *state_;
  s.promote(milliseconds(now));
  std::vector<taken_job> jobs;
  if (most == 0) return jobs;
  auto& last = s.cursors[lane];
  s.run->next.bind(1, lane).bind(2, last.priority).bind(3, last.id);
  while (s.run->next.next()) {
    const auto priority = s.run->next.number(0);
    const auto id = s.run->next.number(1);
    if (!s.leases.emplace(id, place{lane, priority}).second) continue;
    taken_job job;
    job.id = static_cast<std::uint64_t>(id);
    job.priority = static_cast<int>(priority);
    job.text = s.run->next.bytes(2);
    job.attempts = static_cast<unsigned>(s.run->next.number(3));
    job.reason = s.run->next.bytes(4);
    jobs.push_back(std::move(job));
    last = cursor{priority, id};
    if (jobs.size() == most) break;
  }
  s.run->next.reset();
  return jobs;
}

frontier_counts durable_frontier::counts() const {
  const auto& sums = state_->sums;
  frontier_counts counts;
  counts.added = static_cast<std::uint64_t>(sums.added);
  counts.done = static_cast<std::uint64_t>(sums.done);
  counts.failed = static_cast<std::uint64_t>(sums.failed);
  counts.taken = state_->leases.size();
  counts.waiting = counts.added - counts.done - counts.failed - counts.taken;
  return counts;
}

durable_frontier::time durable_frontier::next_due() const {
  return time(std::chrono::milliseconds(state_->earliest_due));
}

bool durable_frontier::has_mark() const noexcept { return state_->sums.marked; }

std::uint64_t durable_frontier::mark() const noexcept { return static_cast<std::uint64_t>(state_->sums.mark); }

}  // namespace braid::scrape
