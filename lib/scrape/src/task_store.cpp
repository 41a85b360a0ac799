#include <braid/scrape/task_store.hpp>

#include <mutex>

#include <braid/core/error.hpp>

#include "callback_table.hpp"
#include "sqlite.hpp"

namespace braid::scrape {
namespace {

constexpr std::int64_t layout = 1;

constexpr const char* tables = R"(
CREATE TABLE IF NOT EXISTS tasks(
  number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, owner TEXT NOT NULL, lane TEXT NOT NULL,
  same TEXT NOT NULL, state INTEGER NOT NULL, created INTEGER NOT NULL, ended INTEGER NOT NULL, error TEXT NOT NULL,
  idempotency TEXT NOT NULL, request TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS records(number INTEGER PRIMARY KEY, record BLOB NOT NULL, page BLOB NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS tasks_waiting ON tasks(lane, number) WHERE state = 0;
CREATE INDEX IF NOT EXISTS tasks_done ON tasks(same, ended) WHERE state = 1;
CREATE INDEX IF NOT EXISTS tasks_ended ON tasks(ended) WHERE state <> 0;
CREATE INDEX IF NOT EXISTS tasks_of ON tasks(owner, number);
CREATE INDEX IF NOT EXISTS tasks_of_state ON tasks(owner, state, number);
CREATE UNIQUE INDEX IF NOT EXISTS tasks_idempotency ON tasks(owner, idempotency) WHERE idempotency <> '';
)";

#define TASK_COLUMNS "number, id, owner, lane, request, same, state, created, ended, error"

task_row row_of(const sqlite::statement& from) {
  task_row row;
  row.number = from.number(0);
  row.id = from.bytes(1);
  row.owner = from.bytes(2);
  row.lane = from.bytes(3);
  row.request = from.bytes(4);
  row.same = from.bytes(5);
  row.state = static_cast<task_state>(from.number(6));
  row.created = from.number(7);
  row.ended = from.number(8);
  row.error = from.bytes(9);
  return row;
}

/// The file is made ready before statements are prepared against it.
struct task_file : sqlite::database {
  explicit task_file(const std::string& path) : database(path.empty() ? ":memory:" : path) {
    run("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = "
        "-65536");
    const auto found = number("PRAGMA user_version");
    if (found != 0 && found != layout) throw io_error(name() + ": its tables are of another version of braid");
    run("BEGIN IMMEDIATE");
    run(tables);
    run("PRAGMA user_version = 1");
    run("COMMIT");
  }
};

}  // namespace

std::string_view to_string(task_state which) {
  switch (which) {
    case task_state::waiting:
      return "waiting";
    case task_state::done:
      return "done";
    case task_state::failed:
      return "failed";
  }
  return "unknown";
}

std::optional<task_state> task_state_from(std::string_view name) {
  for (const auto which : {task_state::waiting, task_state::done, task_state::failed}) {
    if (to_string(which) == name) return which;
  }
  return std::nullopt;
}

struct task_store_shared::impl {
  explicit impl(const std::string& path);

  std::uint64_t& count(task_state which) { return counts[static_cast<std::size_t>(which)]; }
  added add_one(const new_task& task, std::int64_t now, std::int64_t fresh_since);
  bool known(const new_task& task, added& outcome);

  std::mutex mutex;
  task_file file;
  std::array<std::uint64_t, task_states> counts{};
  callback_table callbacks{file};
  sqlite::statement insert{file,
                           "INSERT INTO tasks(id, owner, lane, same, state, created, ended, error, idempotency, "
                           "request) VALUES(?1, ?2, ?3, ?4, 0, ?5, 0, '', ?6, ?7) RETURNING number"};
  sqlite::statement by_key{file,
                           "SELECT number, id, request FROM tasks WHERE owner = ?1 AND idempotency = ?2 AND ?2 <> ''"};
  sqlite::statement fresh{file,
                          "SELECT number FROM tasks WHERE same = ?1 AND state = 1 AND ended >= ?2 ORDER BY ended DESC "
                          "LIMIT 1"};
  sqlite::statement copy{file, "INSERT INTO records SELECT ?1, record, page FROM records WHERE number = ?2"};
  sqlite::statement end{file,
                        "UPDATE tasks SET state = ?2, ended = ?3, error = ?4 WHERE number = ?1 AND state = 0 "
                        "RETURNING number"};
  sqlite::statement keep{file, "INSERT OR REPLACE INTO records VALUES(?1, ?2, ?3)"};
  sqlite::statement drop{file, "DELETE FROM tasks WHERE id = ?1 AND owner = ?2 RETURNING number, state"};
  sqlite::statement drop_record{file, "DELETE FROM records WHERE number = ?1"};
  sqlite::statement old{file, "SELECT number, state FROM tasks WHERE state <> 0 AND ended < ?1 LIMIT ?2"};
  sqlite::statement drop_number{file, "DELETE FROM tasks WHERE number = ?1"};
  sqlite::statement by_id{file, "SELECT " TASK_COLUMNS " FROM tasks WHERE id = ?1 AND owner = ?2"};
  sqlite::statement by_number{file, "SELECT " TASK_COLUMNS " FROM tasks WHERE number = ?1"};
  sqlite::statement record{file,
                           "SELECT number, state, error, record, page FROM tasks JOIN records USING(number) WHERE "
                           "number = ?1"};
  sqlite::statement newest{
      file, "SELECT " TASK_COLUMNS " FROM tasks WHERE owner = ?1 AND number < ?2 ORDER BY number DESC LIMIT ?3"};
  sqlite::statement newest_of{file, "SELECT " TASK_COLUMNS
                                    " FROM tasks WHERE owner = ?1 AND number < ?2 AND state = ?4 ORDER BY number DESC "
                                    "LIMIT ?3"};
  sqlite::statement next{file, "SELECT " TASK_COLUMNS
                               " FROM tasks WHERE state = 0 AND lane = ?1 AND number > ?2 ORDER BY number LIMIT ?3"};
};

task_store_shared::impl::impl(const std::string& path) : file(path) {
  sqlite::statement all(file, "SELECT state, count(*) FROM tasks GROUP BY state");
  while (all.next()) {
    const auto state = static_cast<std::size_t>(all.number(0));
    if (state < task_states) counts[state] = static_cast<std::uint64_t>(all.number(1));
  }
}

bool task_store_shared::impl::known(const new_task& task, added& outcome) {
  if (task.idempotency.empty()) return false;
  by_key.bind_text(1, task.owner).bind_text(2, task.idempotency);
  if (!by_key.next()) return false;
  outcome.is_new = false;
  outcome.number = by_key.number(0);
  outcome.id = by_key.bytes(1);
  outcome.differs = by_key.bytes(2) != task.request;
  by_key.reset();
  return true;
}

task_store_shared::added task_store_shared::impl::add_one(const new_task& task, std::int64_t now,
                                                          std::int64_t fresh_since) {
  added outcome;
  if (known(task, outcome)) return outcome;
  outcome.id = task.id;
  insert.bind_text(1, task.id).bind_text(2, task.owner).bind_text(3, task.lane).bind_text(4, task.same);
  insert.bind(5, now).bind_text(6, task.idempotency).bind_text(7, task.request);
  insert.next();
  outcome.number = insert.number(0);
  insert.reset();
  if (!task.callback.empty()) callbacks.add(outcome.number, task.callback);
  ++count(task_state::waiting);
  if (fresh_since <= 0) return outcome;
  fresh.bind_text(1, task.same).bind(2, fresh_since);
  if (!fresh.next()) return outcome;
  const auto from = fresh.number(0);
  fresh.reset();
  copy.bind(1, outcome.number).bind(2, from).run();
  end.bind(1, outcome.number).bind(2, static_cast<std::int64_t>(task_state::done)).bind(3, now).bind_text(4, {}).run();
  if (!task.callback.empty()) callbacks.begin(outcome.number, now);
  --count(task_state::waiting);
  ++count(task_state::done);
  outcome.answered = true;
  return outcome;
}

task_store_shared::task_store_shared(const std::string& path) : impl_(std::make_unique<impl>(path)) {}
task_store_shared::~task_store_shared() = default;

auto task_store_shared::add(std::span<const new_task> tasks, std::int64_t now, std::int64_t fresh_since)
    -> std::vector<added> {
  const std::lock_guard lock(impl_->mutex);
  const auto counts = impl_->counts;
  std::vector<added> outcomes;
  outcomes.reserve(tasks.size());
  try {
    sqlite::transaction all(impl_->file);
    for (const auto& one : tasks) outcomes.push_back(impl_->add_one(one, now, fresh_since));
    all.commit();
  } catch (...) {
    impl_->counts = counts;
    throw;
  }
  return outcomes;
}

std::vector<bool> task_store_shared::finish(std::span<const task_result> results, std::int64_t now) {
  const std::lock_guard lock(impl_->mutex);
  auto counts = impl_->counts;
  std::vector<bool> there;
  there.reserve(results.size());
  sqlite::transaction all(impl_->file);
  for (const auto& one : results) {
    impl_->end.bind(1, one.number).bind(2, static_cast<std::int64_t>(one.state)).bind(3, now).bind_text(4, one.error);
    there.push_back(impl_->end.next());
    if (!there.back()) continue;
    impl_->end.reset();
    impl_->keep.bind(1, one.number).bind(2, one.record).bind(3, one.page).run();
    impl_->callbacks.begin(one.number, now);
    --counts[static_cast<std::size_t>(task_state::waiting)];
    ++counts[static_cast<std::size_t>(one.state)];
  }
  all.commit();
  impl_->counts = counts;
  return there;
}

bool task_store_shared::remove(std::string_view id, std::string_view owner) {
  const std::lock_guard lock(impl_->mutex);
  sqlite::transaction all(impl_->file);
  impl_->drop.bind_text(1, id).bind_text(2, owner);
  if (!impl_->drop.next()) return false;
  const auto number = impl_->drop.number(0);
  const auto state = static_cast<task_state>(impl_->drop.number(1));
  impl_->drop.reset();
  impl_->drop_record.bind(1, number).run();
  impl_->callbacks.remove(number);
  all.commit();
  --impl_->count(state);
  return true;
}

std::size_t task_store_shared::expire(std::int64_t before, std::size_t most) {
  const std::lock_guard lock(impl_->mutex);
  std::vector<std::pair<std::int64_t, task_state>> gone;
  impl_->old.bind(1, before).bind(2, static_cast<std::int64_t>(most));
  while (impl_->old.next()) gone.emplace_back(impl_->old.number(0), static_cast<task_state>(impl_->old.number(1)));
  if (gone.empty()) return 0;
  sqlite::transaction all(impl_->file);
  for (const auto& [number, state] : gone) {
    impl_->drop_number.bind(1, number).run();
    impl_->drop_record.bind(1, number).run();
    impl_->callbacks.remove(number);
  }
  all.commit();
  for (const auto& [number, state] : gone) --impl_->count(state);
  return gone.size();
}

std::optional<task_row> task_store_shared::find(std::string_view id, std::string_view owner) const {
  const std::lock_guard lock(impl_->mutex);
  impl_->by_id.bind_text(1, id).bind_text(2, owner);
  if (!impl_->by_id.next()) return std::nullopt;
  auto row = row_of(impl_->by_id);
  impl_->by_id.reset();
  return row;
}

std::size_t task_store_shared::known(std::string_view owner, std::span<const std::string> keys) const {
  const std::lock_guard lock(impl_->mutex);
  std::size_t count = 0;
  for (const std::string& key : keys) {
    impl_->by_key.bind_text(1, owner).bind_text(2, key);
    if (!impl_->by_key.next()) continue;
    impl_->by_key.reset();
    ++count;
  }
  return count;
}

std::optional<task_row> task_store_shared::row(std::int64_t number) const {
  const std::lock_guard lock(impl_->mutex);
  impl_->by_number.bind(1, number);
  if (!impl_->by_number.next()) return std::nullopt;
  auto row = row_of(impl_->by_number);
  impl_->by_number.reset();
  return row;
}

std::optional<task_result> task_store_shared::result(std::int64_t number) const {
  const std::lock_guard lock(impl_->mutex);
  impl_->record.bind(1, number);
  if (!impl_->record.next()) return std::nullopt;
  task_result out;
  out.number = impl_->record.number(0);
  out.state = static_cast<task_state>(impl_->record.number(1));
  out.error = impl_->record.bytes(2);
  out.record = impl_->record.bytes(3);
  out.page = impl_->record.bytes(4);
  impl_->record.reset();
  return out;
}

std::vector<task_row> task_store_shared::list(std::string_view owner, std::optional<task_state> state,
                                              std::int64_t before, std::size_t most) const {
  const std::lock_guard lock(impl_->mutex);
  auto& query = state ? impl_->newest_of : impl_->newest;
  query.bind_text(1, owner).bind(2, before > 0 ? before : INT64_MAX).bind(3, static_cast<std::int64_t>(most));
  if (state) query.bind(4, static_cast<std::int64_t>(*state));
  std::vector<task_row> rows;
  while (query.next()) rows.push_back(row_of(query));
  return rows;
}

std::vector<task_row> task_store_shared::waiting(std::string_view lane, std::int64_t after, std::size_t most) const {
  const std::lock_guard lock(impl_->mutex);
  impl_->next.bind_text(1, lane).bind(2, after).bind(3, static_cast<std::int64_t>(most));
  std::vector<task_row> rows;
  while (impl_->next.next()) rows.push_back(row_of(impl_->next));
  return rows;
}

std::vector<task_callback> task_store_shared::next_callbacks(std::size_t most) const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->callbacks.next(most);
}

void task_store_shared::update_callback(const task_callback& what) {
  const std::lock_guard lock(impl_->mutex);
  impl_->callbacks.update(what);
}

std::optional<task_callback> task_store_shared::callback(std::int64_t number) const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->callbacks.find(number);
}

std::map<std::string, std::uint64_t> task_store_shared::made_since(std::int64_t created) const {
  const std::lock_guard lock(impl_->mutex);
  sqlite::statement all(impl_->file, "SELECT owner, count(*) FROM tasks WHERE created >= ?1 GROUP BY owner");
  all.bind(1, created);
  std::map<std::string, std::uint64_t> out;
  while (all.next()) out.emplace(all.bytes(0), static_cast<std::uint64_t>(all.number(1)));
  return out;
}

std::array<std::uint64_t, task_states> task_store_shared::counts() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->counts;
}

}  // namespace braid::scrape
