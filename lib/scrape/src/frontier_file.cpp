#include "frontier_file.hpp"

#include <algorithm>
#include <braid/core/error.hpp>
#include <string>

#include "seen_keys.hpp"

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

}  // namespace

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

}  // namespace braid::scrape
