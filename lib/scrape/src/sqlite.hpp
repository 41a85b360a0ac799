#pragma once

#include <cstdint>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace braid::scrape::sqlite {

/// One connection to one file, with what went wrong said in words: io_error names the file, what was being done and
/// what to do about it. Threads: one at a time.
class database {
 public:
  /// Makes the file if there is none. Waits for nobody: a file that another connection has locked is an error.
  explicit database(const std::string& path);
  database(const database&) = delete;
  database& operator=(const database&) = delete;
  ~database();

  void run(const char* sql);
  /// The first column of the first row, 0 without one.
  std::int64_t number(const char* sql);

  const std::string& name() const noexcept { return name_; }
  sqlite3* handle() const noexcept { return handle_; }
  /// Throws io_error about the call that has just failed.
  [[noreturn]] void fail(int code) const;

 private:
  sqlite3* handle_ = nullptr;
  std::string name_;
};

/// A prepared statement. What is bound must live until it has been run.
class statement {
 public:
  statement(database& where, const char* sql);
  statement(const statement&) = delete;
  statement& operator=(const statement&) = delete;
  ~statement();

  statement& bind(int index, std::int64_t value);
  statement& bind(int index, std::string_view bytes);
  statement& bind_text(int index, std::string_view text);

  /// True for a row. After the last one the statement can be bound and run again.
  bool next();
  /// For what gives no rows.
  void run();
  /// Ends before the last row.
  void reset();

  std::int64_t number(int column) const;
  std::string bytes(int column) const;

 private:
  database& where_;
  sqlite3_stmt* handle_ = nullptr;
};

/// All or nothing: rolled back unless committed.
class transaction {
 public:
  explicit transaction(database& where) : where_(where) { where_.run("BEGIN IMMEDIATE"); }
  transaction(const transaction&) = delete;
  transaction& operator=(const transaction&) = delete;
  ~transaction();

  void commit();

 private:
  database& where_;
  bool committed_ = false;
};

}  // namespace braid::scrape::sqlite
