#include <algorithm>
#include <braid/core/error.hpp>
#include <braid/scrape/table_sink.hpp>
#include <string_view>

#include "sqlite.hpp"
#include "table_names.hpp"

namespace braid::scrape {
namespace {

std::string_view type_of(table_column::kind kind) {
  switch (kind) {
    case table_column::kind::integer:
      return "INTEGER";
    case table_column::kind::real:
      return "REAL";
    case table_column::kind::text:
      break;
  }
  return "TEXT";
}

std::string table_of(const table_layout& layout) {
  std::string sql = "CREATE TABLE IF NOT EXISTS " + layout.name + '(';
  for (const auto& column : layout.columns) {
    sql += column.name + ' ' + std::string(type_of(column.type));
    sql += &column == layout.columns.data() ? " PRIMARY KEY NOT NULL, " : ", ";
  }
  return sql + "record TEXT NOT NULL)";
}

/// '$."a"."b"'
std::string path_of(const table_column& column) {
  std::string path = "'$";
  for (const auto& name : column.path) path += ".\"" + name + '"';
  return path + '\'';
}

std::string insert_of(const table_layout& layout) {
  std::string names;
  std::string values;
  for (const auto& column : layout.columns) {
    names += column.name + ", ";
    values += "json_extract(?1, " + path_of(column) + "), ";
  }
  return "INSERT OR REPLACE INTO " + layout.name + '(' + names + "record) VALUES(" + values + "?1)";
}

class sqlite_sink : public sink {
 public:
  sqlite_sink(const std::filesystem::path& path, const table_layout& layout)
      : file_(path.string()), ready_(prepare(file_, layout)), insert_(file_, insert_of(layout).c_str()) {}

  void write(std::span<const std::string> records) override {
    transaction_of(records);
    dirty_ = true;
  }

  void sync() override {
    if (dirty_) file_.run("PRAGMA wal_checkpoint");
    dirty_ = false;
  }

  /// One file is left, without its log.
  void finish() override { file_.run("PRAGMA wal_checkpoint(TRUNCATE)"); }

  // A row that is written again replaces itself: there is nothing to cut off.
  std::uint64_t position() const override { return 0; }
  void resume(std::uint64_t /*position*/) override {}
  bool can_resume() const override { return true; }
  std::uint64_t repaired() const override { return 0; }

 private:
  static bool prepare(sqlite::database& file, const table_layout& layout) {
    check_names(layout);
    file.run("PRAGMA busy_timeout = 5000");
    file.run("PRAGMA journal_mode = WAL");
    file.run("PRAGMA synchronous = NORMAL");
    file.run(table_of(layout).c_str());
    return true;
  }

  void transaction_of(std::span<const std::string> records) {
    sqlite::transaction all(file_);
    for (const auto& record : records) {
      const auto text = without_nul(record);
      insert_.bind_text(1, text).run();
    }
    all.commit();
  }

  sqlite::database file_;
  [[maybe_unused]] const bool ready_;
  sqlite::statement insert_;
  bool dirty_ = false;
};

}  // namespace

std::unique_ptr<sink> open_sqlite(const std::filesystem::path& path, const table_layout& layout) {
  return std::make_unique<sqlite_sink>(path, layout);
}

}  // namespace braid::scrape
