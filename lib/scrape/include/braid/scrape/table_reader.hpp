#pragma once

#include <braid/scrape/table_sink.hpp>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace braid::scrape {

/// A row that open_postgres() wrote.
struct table_row {
  table_row() = default;

  std::string key;     ///< the first column
  std::string record;  ///< the whole, JSON
};

/// Reads back from a PostgreSQL database what a sink of the same layout wrote there.
///
/// There is one connection; a lost one is not made again: make another reader, and ask once more. Calls block, 90 s at
/// most. Throws: io_error, never with the password in it, also where the table is not there yet; invalid_argument for
/// an address or names that are none. Threads: one at a time.
class table_reader {
 public:
  table_reader(const std::string& address, const table_layout& layout);
  table_reader(const table_reader&) = delete;
  table_reader& operator=(const table_reader&) = delete;
  ~table_reader();

  /// The rows of those keys that are there, in any order; one round trip. All of them are in memory at once.
  std::vector<table_row> find(std::span<const std::string> keys);

 private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

}  // namespace braid::scrape
