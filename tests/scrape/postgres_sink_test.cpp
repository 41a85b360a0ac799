#include <algorithm>
#include <braid/core/error.hpp>
#include <braid/scrape/table_reader.hpp>
#include <braid/scrape/table_sink.hpp>
#include <catch2/catch.hpp>
#include <iostream>
#include <string>
#include <vector>

#include "postgres_server.hpp"

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
  table.columns.emplace_back("height", strings{"height"}, table_column::kind::real);
  return table;
}

bool skipped() {
  if (!postgres_server::programs().empty()) return false;
  std::cout << "[skipped] no PostgreSQL server; install the package postgresql\n";
  return true;
}

std::string failure_of(const std::string& address) {
  try {
    open_postgres(address, people());
  } catch (const braid::io_error& e) {
    return e.what();
  }
  return "none";
}

}  // namespace

TEST_CASE("records become rows of a PostgreSQL table, and replace those of their key") {
  if (skipped()) return;
  const postgres_server server;
  {
    const auto out = open_postgres(server.address(), people());
    out->write(strings{R"({"id":"a","home":{"city":"K\u00f6ln"},"age":7,"height":1.5})", R"({"id":"b"})"});
    // The same key twice in one batch: the later record holds.
    out->write(strings{R"({"id":"a","age":8})", R"({"id":"a","age":9,"text":"x\u0000y \\u0000"})"});
    out->write({});
    out->sync();
    out->finish();
    CHECK(out->can_resume());
  }
  CHECK(server.rows("SELECT id, city, age, height FROM people ORDER BY id") == strings{"a|-|9|-", "b|-|-|-"});
  CHECK(server.rows("SELECT record FROM people WHERE id = 'a'") ==
        strings{R"({"id":"a","age":9,"text":"x\ufffdy \\u0000"})"});
  const auto again = open_postgres(server.address(), people());
  again->write(strings{R"({"id":"c","home":{"city":"K\u00f6ln"},"height":1.5})"});
  CHECK(server.rows("SELECT count(*), max(city), max(height) FROM people") == strings{"3|Köln|1.5"});

  // More than both sockets hold at once.
  strings many;
  for (int i = 0; i < 2000; ++i) {
    many.push_back("{\"id\":\"n" + std::to_string(i) + "\",\"x\":\"" + std::string(4000, 'x') + "\"}");
  }
  again->write(many);
  CHECK(server.rows("SELECT count(*), sum(length(record)) > 8000000 FROM people") == strings{"2003|t"});
}

TEST_CASE("what a PostgreSQL server refuses is said with its reason, and none of the batch is written") {
  if (skipped()) return;
  const postgres_server server;
  const auto out = open_postgres(server.address(), people());
  CHECK_THROWS_WITH(out->write(strings{R"({"id":"a"})", "{"}), Contains("/postgres: ") && Contains("json"));
  CHECK_THROWS_WITH(out->write(strings{R"({"id":"a"})", R"({"age":1})"}), Contains("id"));
  CHECK_THROWS_AS(out->write(strings{R"({"id":"a","age":"old"})"}), braid::io_error);
  CHECK(server.rows("SELECT * FROM people").empty());
  out->write(strings{R"({"id":"a"})"});
  CHECK(server.rows("SELECT id FROM people") == strings{"a"});

  // As the server says it when its disk is full.
  server.rows(
      "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.id = 'z' THEN RAISE EXCEPTION "
      "'could not extend file' USING ERRCODE = '53100'; END IF; RETURN NEW; END $$");
  server.rows("CREATE TRIGGER full_disk BEFORE INSERT ON people FOR EACH ROW EXECUTE FUNCTION full_disk()");
  CHECK_THROWS_WITH(out->write(strings{R"({"id":"y"})", R"({"id":"z"})"}),
                    Contains("could not extend file") && Contains("disk is full"));
  out->write(strings{R"({"id":"x"})"});
  CHECK(server.rows("SELECT id FROM people ORDER BY id") == strings{"a", "x"});

  const auto guarded = server.address("guarded:secret");
  CHECK_THAT(failure_of(guarded), Contains("password authentication failed") && !Contains("secret"));
  CHECK_THAT(failure_of(server.address("braid", "nowhere")), Contains("\"nowhere\" does not exist"));
  server.rows("CREATE DATABASE other");
  server.rows("ALTER TABLE people RENAME age TO years");
  CHECK_THAT(failure_of(server.address()), Contains("\"age\"") && Contains("other columns"));

  // A connection that ends is an error of the next write.
  server.rows("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'braid'");
  CHECK_THROWS_WITH(out->write(strings{R"({"id":"w"})"}), Contains("what was committed before is safe"));
}

TEST_CASE("addresses of PostgreSQL databases are named without credentials") {
  CHECK(postgres_name("postgresql://u:secret@db.example:5433/base?sslmode=require") ==
        "postgresql://db.example:5433/base");
  CHECK(postgres_name("postgres:///base?host=/run/pg&password=secret") == "postgresql:///run/pg/base");
  CHECK_THROWS_AS(postgres_name("host=db.example"), braid::invalid_argument);
  try {
    postgres_name("postgresql://u:se%zzcret@host/base");
    FAIL("no address");
  } catch (const braid::invalid_argument& e) {
    CHECK_THAT(e.what(), !Contains("se%zz"));
  }
  CHECK(is_postgres("postgres://x"));
  CHECK_FALSE(is_postgres("postgresql.jsonl"));
  auto table = people();
  table.name = "people; DROP TABLE x";
  CHECK_THROWS_AS(open_postgres("postgresql:///x", table), braid::invalid_argument);
}

TEST_CASE("a PostgreSQL server that cannot be reached is an error with its address") {
  const scratch_folder folder;
  CHECK_THAT(failure_of("postgresql:///base?host=" + folder.file("none")),
             Contains("connect to postgresql://" + folder.file("none") + "/base") && Contains("No such file"));
}

TEST_CASE("records are read back from a PostgreSQL table by their keys") {
  if (skipped()) return;
  const postgres_server server;
  table_reader early(server.address(), people());
  CHECK_THROWS_WITH(early.find(strings{"a"}), Contains("people"));
  const std::string odd = R"({"id":"x\"y\\z, {NULL}"})", null = R"({"id":"NULL"})";
  open_postgres(server.address(), people())->write(strings{R"({"id":"a"})", R"({"id":"b"})", odd, null});
  // The one that failed can be used.
  auto rows = early.find(strings{"b", "nobody", "x\"y\\z, {NULL}", "NULL", "b"});
  std::sort(rows.begin(), rows.end(), [](const auto& x, const auto& y) { return x.key < y.key; });
  REQUIRE(rows.size() == 3);
  CHECK(rows[0].key == "NULL");
  CHECK(rows[0].record == null);
  CHECK(rows[1].record == R"({"id":"b"})");
  CHECK(rows[2].record == odd);
  CHECK(early.find({}).empty());
  auto wrong = people();
  wrong.name = "a\"b";
  CHECK_THROWS_AS(table_reader(server.address(), wrong), braid::invalid_argument);
}
