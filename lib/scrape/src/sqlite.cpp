#include "sqlite.hpp"

#include <sqlite3.h>

#include <braid/core/error.hpp>
#include <cstring>
#include <utility>

namespace braid::scrape::sqlite {
namespace {

std::string advice_of(int code, sqlite3* handle) {
  switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return ": another process uses it";
    case SQLITE_FULL:
      return ": the disk is full; what was committed before is safe";
    case SQLITE_NOTADB:
      return ": the file is there and is no SQLite database";
    case SQLITE_IOERR: {
      const int error = sqlite3_system_errno(handle);
      return (error != 0 ? std::string(": ") + std::strerror(error) : std::string()) +
             "; what was committed before is safe";
    }
    default:
      break;
  }
  return {};
}

}  // namespace

database::database(const std::string& path) : name_(path) {
  const int code = sqlite3_open_v2(path.c_str(), &handle_,
                                   SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
  if (code == SQLITE_OK) return;
  // Open gives a handle even for a failure, to ask for the reason.
  const int error = handle_ == nullptr ? 0 : sqlite3_system_errno(handle_);
  sqlite3_close(std::exchange(handle_, nullptr));
  throw io_error("open " + name_ + ": " + (error != 0 ? std::strerror(error) : sqlite3_errstr(code)));
}

database::~database() { sqlite3_close(handle_); }

void database::run(const char* sql) {
  const int code = sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) fail(code);
}

std::int64_t database::number(const char* sql) {
  statement query(*this, sql);
  if (!query.next()) return 0;
  const auto value = query.number(0);
  query.reset();
  return value;
}

void database::fail(int code) const {
  const auto advice = advice_of(code, handle_);
  throw io_error(name_ + ": " + sqlite3_errmsg(handle_) + advice);
}

statement::statement(database& where, const char* sql) : where_(where) {
  const int code = sqlite3_prepare_v3(where.handle(), sql, -1, SQLITE_PREPARE_PERSISTENT, &handle_, nullptr);
  if (code != SQLITE_OK) where.fail(code);
}

statement::~statement() { sqlite3_finalize(handle_); }

statement& statement::bind(int index, std::int64_t value) {
  sqlite3_bind_int64(handle_, index, value);
  return *this;
}

statement& statement::bind(int index, std::string_view bytes) {
  sqlite3_bind_blob64(handle_, index, bytes.data() == nullptr ? "" : bytes.data(), bytes.size(), SQLITE_STATIC);
  return *this;
}

statement& statement::bind_text(int index, std::string_view text) {
  sqlite3_bind_text64(handle_, index, text.data() == nullptr ? "" : text.data(), text.size(), SQLITE_STATIC,
                      SQLITE_UTF8);
  return *this;
}

bool statement::next() {
  const int code = sqlite3_step(handle_);
  if (code == SQLITE_ROW) return true;
  sqlite3_reset(handle_);
  if (code != SQLITE_DONE) where_.fail(code);
  return false;
}

void statement::run() {
  while (next()) {
  }
}

void statement::reset() { sqlite3_reset(handle_); }

std::int64_t statement::number(int column) const { return sqlite3_column_int64(handle_, column); }

std::string statement::bytes(int column) const {
  const auto* data = static_cast<const char*>(sqlite3_column_blob(handle_, column));
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(handle_, column));
  return data == nullptr ? std::string() : std::string(data, size);
}

transaction::~transaction() {
  // A failure such as a full disk may have rolled back already.
  if (!committed_ && sqlite3_get_autocommit(where_.handle()) == 0) {
    sqlite3_exec(where_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
  }
}

void transaction::commit() {
  where_.run("COMMIT");
  committed_ = true;
}

}  // namespace braid::scrape::sqlite
