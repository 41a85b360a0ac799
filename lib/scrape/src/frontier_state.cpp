#include "frontier_state.hpp"

#include <braid/core/error.hpp>

#include "frontier_file.hpp"

namespace braid::scrape {

durable_frontier::state::statements::statements(sqlite::database& f)
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
      again(f, "UPDATE ready SET attempts = attempts + 1, reason = ?4 WHERE lane = ?1 AND priority = ?2 AND id = ?3"),
      later(f,
            "INSERT INTO delayed SELECT ?4, id, lane, priority, text, attempts, reason FROM ready "
            "WHERE lane = ?1 AND priority = ?2 AND id = ?3"),
      sum(f, "UPDATE totals SET added = ?1, done = ?2, failed = ?3, mark = ?4, marked = ?5") {}

durable_frontier::state::state(const std::filesystem::path& path, std::string_view subject,
                               const durable_frontier_options& options)
    : file(path.string()) {
  lay_out(file, subject, options);
  prepare(options);
}

const place& durable_frontier::state::lease_of(std::uint64_t id) const {
  const auto found = leases.find(static_cast<std::int64_t>(id));
  if (found == leases.end()) throw invalid_argument("job " + std::to_string(id) + " was not taken");
  return found->second;
}

void durable_frontier::state::prepare(const durable_frontier_options& options) {
  run = std::make_unique<statements>(file);
  sqlite::statement read(file, "SELECT added, done, failed, mark, marked FROM totals");
  if (!read.next()) throw io_error(file.name() + ": the state file is damaged: it has no totals");
  sums.added = read.number(0);
  sums.done = read.number(1);
  sums.failed = read.number(2);
  sums.mark = read.number(3);
  sums.marked = read.number(4) != 0;
  read.reset();
  seen = std::make_unique<seen_keys>(file, options.recent_keys, static_cast<std::size_t>(sums.added));
  earliest_due = file.number("SELECT min(due) FROM delayed");
}

void durable_frontier::state::write_totals(const totals& next) {
  run->sum.bind(1, next.added).bind(2, next.done).bind(3, next.failed).bind(4, next.mark).bind(5, next.marked ? 1 : 0);
  run->sum.run();
}

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

}  // namespace braid::scrape
