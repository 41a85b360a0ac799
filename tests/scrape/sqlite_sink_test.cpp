#include <sqlite3.h>

#include <braid/core/error.hpp>
#include <braid/scrape/table_sink.hpp>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "scratch_folder.hpp"

using namespace braid::scrape;
using Catch::Contains;
using strings = std::vector<std::string>;

namespace {

table_layout people() {
  table_layout table;
  table.name = "people";
  table.columns.emplace_back("id", strings{"id"});
  table.columns.emplace_back("city", strings{"home", "city"});
  table.columns.emplace_back("age", strings{"age"}, table_column::kind::integer);
  return table;
}

/// Rows as text, columns separated by '|'.
strings rows(const std::string& path, const std::string& sql) {
  sqlite3* file = nullptr;
  sqlite3_open(path.c_str(), &file);
  strings all;
  const auto add = [](void* to, int count, char** values, char**) {
    std::string row;
    for (int i = 0; i < count; ++i) row += std::string(i == 0 ? "" : "|") + (values[i] == nullptr ? "-" : values[i]);
    static_cast<strings*>(to)->push_back(row);
    return 0;
  };
  sqlite3_exec(file, sql.c_str(), add, &all, nullptr);
  sqlite3_close(file);
  return all;
}

}  // namespace

TEST_CASE("records become rows of a SQLite table, and replace those of their key") {
  const scratch_folder folder;
  const auto path = folder.file("r.sqlite");
  {
    const auto out = open_sqlite(path, people());
    out->write(strings{R"({"id":"a","home":{"city":"K\u00f6ln"},"age":7})", R"({"id":"b"})"});
    out->write(strings{R"({"id":"a","age":8,"text":"x\u0000y \\u0000"})"});
    out->sync();
    out->finish();
  }
  CHECK(rows(path, "SELECT id, city, age FROM people ORDER BY id") == strings{"a|-|8", "b|-|-"});
  CHECK(rows(path, "SELECT record FROM people WHERE id = 'a'") ==
        strings{R"({"id":"a","age":8,"text":"x\ufffdy \\u0000"})"});
  const auto again = open_sqlite(path, people());
  again->write(strings{R"({"id":"c","home":{"city":"K\u00f6ln"}})"});
  CHECK(rows(path, "SELECT count(*), max(city) FROM people") == strings{"3|Köln"});
}

TEST_CASE("a batch with a record that is none is written not at all") {
  const scratch_folder folder;
  const auto path = folder.file("r.sqlite");
  const auto out = open_sqlite(path, people());
  CHECK_THROWS_WITH(out->write(strings{R"({"id":"a"})", "{"}), Contains(path) && Contains("JSON"));
  CHECK_THROWS_AS(out->write(strings{R"({"age":1})"}), braid::io_error);
  CHECK(rows(path, "SELECT * FROM people").empty());
  out->write(strings{R"({"id":"a"})"});
  CHECK(rows(path, "SELECT id FROM people") == strings{"a"});
}

TEST_CASE("names that would be more than names are refused") {
  const scratch_folder folder;
  auto table = people();
  table.name = "people; DROP TABLE x";
  CHECK_THROWS_AS(open_sqlite(folder.file("a"), table), braid::invalid_argument);
  table = people();
  table.columns.emplace_back("x", strings{"it's"});
  CHECK_THROWS_AS(open_sqlite(folder.file("a"), table), braid::invalid_argument);
  table.columns.clear();
  CHECK_THROWS_AS(open_sqlite(folder.file("a"), table), braid::invalid_argument);
}
