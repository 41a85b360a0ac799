// The command writing to a PostgreSQL server, each a process of its own.
#include <sqlite3.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <iostream>
#include <thread>

#include "child.hpp"
#include "postgres_server.hpp"

using Catch::Contains;
using strings = std::vector<std::string>;

namespace {

constexpr const char* lasting =
    "SELECT id, engine, query, page, status, page_kind, http_status, attempts, error_code FROM results ORDER BY id";

strings sqlite_rows(const std::string& path, const char* sql) {
  sqlite3* file = nullptr;
  sqlite3_open(path.c_str(), &file);
  strings all;
  const auto add = [](void* to, int count, char** values, char**) {
    std::string row;
    for (int i = 0; i < count; ++i) row += std::string(i == 0 ? "" : "|") + (values[i] == nullptr ? "-" : values[i]);
    static_cast<strings*>(to)->push_back(row);
    return 0;
  };
  sqlite3_exec(file, sql, add, &all, nullptr);
  sqlite3_close(file);
  return all;
}

std::string queries(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += "it's \"query\" number " + std::to_string(i) + " \xc3\xb6\n";
  return text;
}

}  // namespace

TEST_CASE("PostgreSQL and SQLite hold the same rows for the same run, however often it was killed") {
  if (postgres_server::programs().empty()) {
    std::cout << "[skipped] no PostgreSQL server; install the package postgresql\n";
    return;
  }
  const postgres_server server;
  const origin site({"--latency", "10ms", "--seed", "5"});
  const scratch_folder folder;
  const auto path = folder.file("r.sqlite");
  const strings common = {"--queries",     "-", "--endpoint", site.as("google"),
                          "--concurrency", "8", "--progress", "none"};
  auto arguments = common;
  arguments.insert(arguments.end(), {"--out", path});
  const auto plain = fetch(arguments, queries(200));
  INFO(plain.err);
  REQUIRE(plain.code == 0);

  arguments = common;
  arguments.insert(arguments.end(), {"--out", server.address("braid:secret"), "--state", folder.file("state")});
  int code = -1;
  for (int round = 0; round < 30 && code != 0; ++round) {
    fetch_process run(arguments, queries(200));
    if (round < 4) {
      std::this_thread::sleep_for(std::chrono::milliseconds(60 + 20 * round));
      run.signal(SIGKILL);
    }
    const auto after = run.wait();
    code = after.code;
    INFO(after.err);
    CHECK((code == 0 || code == 128 + SIGKILL));
  }
  const auto rows = server.rows(lasting);
  CHECK(rows.size() == 200);
  CHECK(rows == sqlite_rows(path, lasting));
  CHECK(server.rows("SELECT count(*) FROM results WHERE record::json #>> '{search_metadata,id}' = id") ==
        strings{"200"});
  CHECK(scratch_folder::text_of(folder.file("state")).find("secret") == std::string::npos);

  const auto refused = fetch({"q", "--out", server.address("guarded:secret")});
  CHECK(refused.code == 2);
  CHECK_THAT(refused.err, Contains("password authentication failed") && !Contains("secret"));
}
