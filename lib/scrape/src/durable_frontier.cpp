#include <algorithm>
#include <braid/core/error.hpp>
#include <braid/scrape/durable_frontier.hpp>
#include <limits>
#include <unordered_map>
#include <utility>

#include "key_digest.hpp"
#include "seen_keys.hpp"
#include "sqlite.hpp"

namespace braid::scrape {
namespace {

constexpr std::int64_t application = 0x62726466;  // "brdf", so that file(1) and we know it
constexpr std::int64_t layout_version = 2;

// Rows that are over leave `ready`, so taking the next is a step in a tree that holds only what waits.
constexpr const char* layout = R"(
  CREATE TABLE about(subject TEXT NOT NULL);
  CREATE TABLE ready(lane INTEGER, priority INTEGER, id INTEGER, text BLOB, attempts INTEGER, reason BLOB,
                     PRIMARY KEY(lane, priority, id)) WITHOUT ROWID;
  CREATE TABLE delayed(due INTEGER, id INTEGER, lane INTEGER, priority INTEGER, text BLOB, attempts INTEGER,
                       reason BLOB, PRIMARY KEY(due, id)) WITHOUT ROWID;
  CREATE TABLE failed(id INTEGER PRIMARY KEY, lane INTEGER, priority INTEGER, text BLOB, attempts INTEGER,
                      reason BLOB);
  CREATE TABLE records(n INTEGER PRIMARY KEY, id INTEGER, record BLOB);
  CREATE TABLE totals(added INTEGER, done INTEGER, failed INTEGER, mark INTEGER, marked INTEGER);
  INSERT INTO totals VALUES(0, 0, 0, 0, 0);
)";

/// How many of the log's pages gather before they are moved to their places: many writes to one page become one.
constexpr const char* settings = R"(
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  PRAGMA temp_store = MEMORY;
  PRAGMA wal_autocheckpoint = 16384;
  PRAGMA journal_size_limit = 67108864;
)";

std::int64_t milliseconds(durable_frontier::time when) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(when.time_since_epoch()).count();
}

/// Where a job stands in `ready`, beside its id.
struct place {
  std::int64_t lane = 0;
  std::int64_t priority = 0;
};

/// The last job taken in a lane: those before it are taken too, so looking for more begins after it.
struct cursor {
  std::int64_t priority = std::numeric_limits<std::int64_t>::min();
  std::int64_t id = 0;
};

/// What totals holds.
struct totals {
  std::int64_t added = 0;
  std::int64_t done = 0;
  std::int64_t failed = 0;
  std::int64_t mark = 0;
  bool marked = false;
};

/// Makes the file ours, or sees that it is.
void lay_out(sqlite::database& file, std::string_view subject, const durable_frontier_options& options) {
  file.run("PRAGMA locking_mode = EXCLUSIVE");
  const auto owner = file.number("PRAGMA application_id");
  const bool fresh = owner == 0 && file.number("SELECT count(*) FROM sqlite_master") == 0;
  if (!fresh && owner != application) throw io_error(file.name() + ": the file is there and is no state file");
  file.run(settings);
  file.run(("PRAGMA cache_size = -" + std::to_string(std::max<std::size_t>(options.cache_bytes / 1024, 64))).c_str());
  if (options.most_bytes > 0) {
    const auto pages = options.most_bytes / static_cast<std::uint64_t>(file.number("PRAGMA page_size"));
    file.run(("PRAGMA max_page_count = " + std::to_string(std::max<std::uint64_t>(pages, 1))).c_str());
  }
  if (fresh) {
    sqlite::transaction all(file);
    file.run(layout);
    file.run(seen_keys::tables);
    sqlite::statement(file, "INSERT INTO about VALUES(?)").bind_text(1, subject).run();
    file.run(("PRAGMA application_id = " + std::to_string(application)).c_str());
    file.run(("PRAGMA user_version = " + std::to_string(layout_version)).c_str());
    all.commit();
    return;
  }
  if (file.number("PRAGMA user_version") != layout_version) {
    throw io_error(file.name() + ": the state file was written by another version of braid");
  }
  sqlite::statement about(file, "SELECT subject FROM about");
  const auto found = about.next() ? about.bytes(0) : std::string();
  about.reset();
  if (found != subject) {
    throw io_error(file.name() + ": it belongs to another run (expected '" + std::string(subject) + "', found '" +
                   found + "')");
  }
}

}  // namespace

struct durable_frontier::state {
  state(const std::filesystem::path& path, std::string_view subject, const durable_frontier_options& options)
      : file(path.string()) {
    lay_out(file, subject, options);
    prepare(options);
  }

  void prepare(const durable_frontier_options& options);
  void write_totals(const totals& next);
  void take_from_the_start() { cursors.clear(); }
  std::size_t promote(std::int64_t now);
  const place& lease_of(std::uint64_t id) const {
    const auto found = leases.find(static_cast<std::int64_t>(id));
    if (found == leases.end()) throw invalid_argument("job " + std::to_string(id) + " was not taken");
    return found->second;
  }

  sqlite::database file;
  totals sums;
  std::unordered_map<std::int64_t, place> leases;    // by id
  std::unordered_map<std::int64_t, cursor> cursors;  // by lane
  std::int64_t earliest_due = 0;                     // 0: nothing is delayed

  struct statements {
    explicit statements(sqlite::database& f)
        : add(f, "INSERT INTO ready VALUES(?1, ?2, ?3, ?4, 0, x'')"),
          delay(f, "INSERT INTO delayed VALUES(?1, ?2, ?3, ?4, ?5, 0, x'')"),
          next(f,
               "SELECT priority, id, text, attempts, reason FROM ready WHERE lane = ?1 AND (priority, id) > (?2, ?3) "
               "ORDER BY priority, id"),
          remove(f, "DELETE FROM ready WHERE lane = ?1 AND priority = ?2 AND id = ?3"),
          fail(f,
               "INSERT INTO failed SELECT id, lane, priority, text, attempts, ?4 FROM ready "
               "WHERE lane = ?1 AND priority = ?2 AND id = ?3"),
          keep(f, "INSERT INTO records(id, record) VALUES(?1, ?2)"),
          again(f,
                "UPDATE ready SET attempts = attempts + 1, reason = ?4 WHERE lane = ?1 AND priority = ?2 AND id = ?3"),
          later(f,
                "INSERT INTO delayed SELECT ?4, id, lane, priority, text, attempts, reason FROM ready "
                "WHERE lane = ?1 AND priority = ?2 AND id = ?3"),
          sum(f, "UPDATE totals SET added = ?1, done = ?2, failed = ?3, mark = ?4, marked = ?5") {}
    sqlite::statement add, delay, next, remove, fail, keep, again, later, sum;
  };
  std::unique_ptr<statements> run;
  std::unique_ptr<seen_keys> seen;
};

void durable_frontier::state::prepare(const durable_frontier_options& options) {
  run = std::make_unique<statements>(file);
  seen = std::make_unique<seen_keys>(file, options.recent_keys);
  sqlite::statement read(file, "SELECT added, done, failed, mark, marked FROM totals");
  if (!read.next()) throw io_error(file.name() + ": the state file is damaged: it has no totals");
  sums.added = read.number(0);
  sums.done = read.number(1);
  sums.failed = read.number(2);
  sums.mark = read.number(3);
  sums.marked = read.number(4) != 0;
  read.reset();
  earliest_due = file.number("SELECT min(due) FROM delayed");
}

void durable_frontier::state::write_totals(const totals& next) {
  run->sum.bind(1, next.added).bind(2, next.done).bind(3, next.failed).bind(4, next.mark).bind(5, next.marked ? 1 : 0);
  run->sum.run();
}

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

/// Moves what has become due to where it is taken from.
std::size_t durable_frontier::state::promote(std::int64_t now) {
  if (earliest_due == 0 || earliest_due > now) return 0;
  sqlite::transaction all(file);
  sqlite::statement(file,
                    "INSERT INTO ready SELECT lane, priority, id, text, attempts, reason FROM delayed WHERE due <= ?")
      .bind(1, now)
      .run();
  const auto moved = static_cast<std::size_t>(file.number("SELECT changes()"));
  sqlite::statement(file, "DELETE FROM delayed WHERE due <= ?").bind(1, now).run();
  const auto due = file.number("SELECT min(due) FROM delayed");
  all.commit();
  earliest_due = due;
  take_from_the_start();
  return moved;
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

std::vector<std::string> durable_frontier::records(std::uint64_t after, std::size_t most) {
  sqlite::statement read(state_->file, "SELECT record FROM records WHERE n > ?1 ORDER BY n LIMIT ?2");
  read.bind(1, static_cast<std::int64_t>(after)).bind(2, static_cast<std::int64_t>(most));
  std::vector<std::string> records;
  while (read.next()) records.push_back(read.bytes(0));
  return records;
}

void durable_frontier::sync() { state_->file.run("PRAGMA wal_checkpoint"); }

}  // namespace braid::scrape
