#pragma once

#include <braid/scrape/sink.hpp>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace braid::scrape {

/// A column of a table that is filled from a JSON record: the member at `path`, null where there is none.
struct table_column {
  enum class kind { text, integer, real };

  table_column() = default;
  table_column(std::string column_name, std::vector<std::string> member_path, kind column_kind = kind::text)
      : name(std::move(column_name)), path(std::move(member_path)), type(column_kind) {}

  std::string name;               ///< letters, digits and '_'
  std::vector<std::string> path;  ///< names of members, from the outermost
  kind type = kind::text;
};

/// A table of JSON records: a row each, with some members as columns and the whole in the last one, `record`.
///
/// The first column is the key: a record whose key is there replaces the row. That is how a run that was killed between
/// writing and remembering neither loses nor doubles a record when it writes again.
struct table_layout {
  table_layout() = default;

  std::string name;  ///< letters, digits and '_'
  std::vector<table_column> columns;
};

/// A table in a SQLite file, which is made if it is not there. A write is one transaction.
///
/// Throws: io_error; invalid_argument for names that are none. A record that is no JSON is an io_error, and none of its
/// batch is written.
std::unique_ptr<sink> open_sqlite(const std::filesystem::path& path, const table_layout& layout);

/// A table in a PostgreSQL database, made if it is not there. `address` is
/// postgresql://[USER[:PASSWORD]@]HOST[:PORT]/NAME with libpq's parameters (?host=/run/postgresql, ?sslmode=verify-full
/// ...); what it leaves open comes from PGUSER, PGPASSWORD, ~/.pgpass and so on. The rows are those that open_sqlite()
/// writes. A write is one transaction and one round trip, on the disk when it returns; it blocks, 90 s at most. There
/// is one connection; a lost one is not made again: open another sink, and write the batch that failed once more.
///
/// Throws: io_error, never with the password in it; invalid_argument for an address or names that are none. A record
/// that is no JSON, or has text where a column wants a number, is an io_error, and none of its batch is written.
std::unique_ptr<sink> open_postgres(const std::string& address, const table_layout& layout);

/// Does it begin as the address of a PostgreSQL database does?
bool is_postgres(const std::string& address);

/// The address without user, password and parameters, for messages and keys. Throws invalid_argument if it is none.
std::string postgres_name(const std::string& address);

}  // namespace braid::scrape
