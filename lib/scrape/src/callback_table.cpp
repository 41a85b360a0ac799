#include "callback_table.hpp"

namespace braid::scrape {
namespace {

#define CALLBACK_COLUMNS "number, url, state, coalesce(due, 0), attempts, status, error"

task_callback row_of(const sqlite::statement& from) {
  task_callback row;
  row.number = from.number(0);
  row.url = from.bytes(1);
  row.state = static_cast<callback_state>(from.number(2));
  row.due = from.number(3);
  row.attempts = static_cast<unsigned>(from.number(4));
  row.status = static_cast<int>(from.number(5));
  row.error = from.bytes(6);
  return row;
}

}  // namespace

std::string_view to_string(callback_state which) {
  switch (which) {
    case callback_state::waiting:
      return "waiting";
    case callback_state::delivered:
      return "delivered";
    case callback_state::given_up:
      return "given_up";
  }
  return "unknown";
}

callback_table::made callback_table::made_in(sqlite::database& file) {
  // due is null before the end of the task and after the last attempt: the index has only those that are wanted.
  file.run(
      "CREATE TABLE IF NOT EXISTS callbacks(number INTEGER PRIMARY KEY, url TEXT NOT NULL, state INTEGER NOT NULL, "
      "due INTEGER, attempts INTEGER NOT NULL, status INTEGER NOT NULL, error TEXT NOT NULL) STRICT;"
      "CREATE INDEX IF NOT EXISTS callbacks_due ON callbacks(due) WHERE due IS NOT NULL");
  return {};
}

callback_table::callback_table(sqlite::database& file, made)
    : add_(file, "INSERT INTO callbacks VALUES(?1, ?2, 0, NULL, 0, 0, '')"),
      begin_(file, "UPDATE callbacks SET due = ?2 WHERE number = ?1 AND state = 0"),
      remove_(file, "DELETE FROM callbacks WHERE number = ?1"),
      next_(file, "SELECT " CALLBACK_COLUMNS " FROM callbacks WHERE due IS NOT NULL ORDER BY due LIMIT ?1"),
      update_(file,
              "UPDATE callbacks SET state = ?2, due = nullif(?3, 0), attempts = ?4, status = ?5, error = ?6 WHERE "
              "number = ?1"),
      find_(file, "SELECT " CALLBACK_COLUMNS " FROM callbacks WHERE number = ?1") {}

void callback_table::add(std::int64_t number, std::string_view url) { add_.bind(1, number).bind_text(2, url).run(); }

void callback_table::begin(std::int64_t number, std::int64_t now) { begin_.bind(1, number).bind(2, now).run(); }

void callback_table::remove(std::int64_t number) { remove_.bind(1, number).run(); }

std::vector<task_callback> callback_table::next(std::size_t most) {
  next_.bind(1, static_cast<std::int64_t>(most));
  std::vector<task_callback> rows;
  while (next_.next()) rows.push_back(row_of(next_));
  return rows;
}

void callback_table::update(const task_callback& what) {
  update_.bind(1, what.number).bind(2, static_cast<std::int64_t>(what.state)).bind(3, what.due);
  update_.bind(4, static_cast<std::int64_t>(what.attempts)).bind(5, static_cast<std::int64_t>(what.status));
  update_.bind_text(6, what.error).run();
}

std::optional<task_callback> callback_table::find(std::int64_t number) {
  find_.bind(1, number);
  if (!find_.next()) return std::nullopt;
  auto row = row_of(find_);
  find_.reset();
  return row;
}

}  // namespace braid::scrape
