#include <braid/scrape/table_sink.hpp>
#include <string_view>
#include <vector>

#include "postgres.hpp"
#include "table_names.hpp"

namespace braid::scrape {
namespace {

std::string_view type_of(table_column::kind kind) {
  switch (kind) {
    case table_column::kind::integer:
      return "bigint";
    case table_column::kind::real:
      return "double precision";
    case table_column::kind::text:
      break;
  }
  return "text";
}

std::string quoted(const std::string& name) { return '"' + name + '"'; }

std::string table_of(const table_layout& layout) {
  std::string sql = "CREATE TABLE IF NOT EXISTS " + quoted(layout.name) + '(';
  for (const auto& column : layout.columns) {
    sql += quoted(column.name) + ' ' + std::string(type_of(column.type));
    sql += &column == layout.columns.data() ? " PRIMARY KEY NOT NULL, " : ", ";
  }
  return sql + "\"record\" text NOT NULL)";
}

/// '{a,b}'
std::string path_of(const table_column& column) {
  std::string path;
  for (const auto& name : column.path) path += (path.empty() ? "" : ",") + name;
  return "'{" + path + "}'";
}

std::string insert_of(const table_layout& layout) {
  std::string names;
  std::string values;
  std::string changes;
  for (const auto& column : layout.columns) {
    names += quoted(column.name) + ", ";
    values += "(j #>> " + path_of(column) + ")::" + std::string(type_of(column.type)) + ", ";
    if (&column != layout.columns.data()) {
      changes += quoted(column.name) + " = EXCLUDED." + quoted(column.name) + ", ";
    }
  }
  return "INSERT INTO " + quoted(layout.name) + '(' + names + "\"record\") SELECT " + values +
         "t FROM (SELECT $1::text AS t, $1::text::json AS j) AS given ON CONFLICT (" +
         quoted(layout.columns.front().name) + ") DO UPDATE SET " + changes + "\"record\" = EXCLUDED.\"record\"";
}

class postgres_sink : public sink {
 public:
  postgres_sink(const std::string& address, const table_layout& layout) : server_(address) {
    // One transaction. Of two that make the table at the same moment, IF NOT EXISTS lets one fail.
    server_.run("SELECT pg_advisory_xact_lock(hashtext('braid: making a table')); " + table_of(layout));
    server_.prepare(insert_of(layout));
  }

  void write(std::span<const std::string> records) override {
    std::vector<std::string> texts;
    texts.reserve(records.size());
    for (const auto& record : records) texts.push_back(without_nul(record));
    server_.run_each(texts);
  }

  // What write() returned from is committed.
  void sync() override {}
  void finish() override {}

  // A row that is written again replaces itself: there is nothing to cut off.
  std::uint64_t position() const override { return 0; }
  void resume(std::uint64_t /*position*/) override {}
  bool can_resume() const override { return true; }
  std::uint64_t repaired() const override { return 0; }

 private:
  postgres::connection server_;
};

}  // namespace

std::unique_ptr<sink> open_postgres(const std::string& address, const table_layout& layout) {
  check_names(layout);
  return std::make_unique<postgres_sink>(address, layout);
}

}  // namespace braid::scrape
