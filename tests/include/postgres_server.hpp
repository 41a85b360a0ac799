#pragma once

#include <libpq-fe.h>
#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "child_program.hpp"
#include "scratch_folder.hpp"

/// A PostgreSQL server of the test's own, on a Unix socket in its own folder; ended with the object. The user `braid`
/// may do all without a password, the user `guarded` needs one, and has none.
class postgres_server {
 public:
  /// Debian keeps the programs outside PATH, a folder for each version. Empty without them.
  static std::string programs() {
    std::vector<std::string> all;
    std::error_code none;
    for (const auto& version : std::filesystem::directory_iterator("/usr/lib/postgresql", none)) {
      const auto folder = version.path() / "bin";
      if (std::filesystem::exists(folder / "initdb", none)) all.push_back(folder.string());
    }
    std::sort(all.begin(), all.end());
    return all.empty() ? "" : all.back();
  }

  postgres_server() {
    if (::geteuid() == 0) {
      // The server refuses to run as root.
      const auto* const user = ::getpwnam("postgres");
      if (user == nullptr) throw std::runtime_error("no user postgres");
      if (::chown(folder_.file(".").c_str(), user->pw_uid, user->pw_gid) != 0) throw std::runtime_error("chown");
    }
    const auto data = folder_.file("data");
    if (std::system(shell("initdb -D " + data + " -U braid -A trust -E UTF8 --locale=C.UTF-8 --no-sync").c_str()) !=
        0) {
      throw std::runtime_error("initdb failed");
    }
    const auto rules = folder_.file("data/pg_hba.conf");
    scratch_folder::put(rules, "local all guarded scram-sha-256\nlocal all all trust\n");
    const auto start = shell("postgres -D " + data + " -k " + folder_.file(".") + " -c listen_addresses= -c fsync=off");
    const auto ready = [this] { return PQping(address().c_str()) == PQPING_OK; };
    server_ = std::make_unique<child_program>(std::vector<std::string>{"/bin/sh", "-c", start}, ready, SIGQUIT);
    rows("CREATE ROLE guarded LOGIN");
  }

  std::string address(const std::string& user = "braid", const std::string& database = "postgres") const {
    return "postgresql://" + user + "@/" + database +
           "?host=" + std::filesystem::path(folder_.file("x")).parent_path().string();
  }

  /// Rows as text, columns separated by '|', "-" for null.
  std::vector<std::string> rows(const std::string& sql) const {
    PGconn* const connection = PQconnectdb(address().c_str());
    PGresult* const result = PQexec(connection, sql.c_str());
    const auto status = PQresultStatus(result);
    const std::string failure = PQresultErrorMessage(result);
    std::vector<std::string> all;
    for (int i = 0; i < PQntuples(result); ++i) {
      std::string row;
      for (int k = 0; k < PQnfields(result); ++k) {
        row += std::string(k == 0 ? "" : "|") + (PQgetisnull(result, i, k) != 0 ? "-" : PQgetvalue(result, i, k));
      }
      all.push_back(row);
    }
    PQclear(result);
    PQfinish(connection);
    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) throw std::runtime_error(failure);
    return all;
  }

 private:
  std::string shell(const std::string& command) const {
    const std::string other = ::geteuid() == 0 ? "setpriv --reuid=postgres --regid=postgres --clear-groups " : "";
    return "cd " + folder_.file(".") + " && exec " + other + programs() + '/' + command + " >/dev/null 2>&1";
  }

  const scratch_folder folder_;
  std::unique_ptr<child_program> server_;
};
