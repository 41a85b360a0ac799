#pragma once

#include <braid/scrape/durable_frontier.hpp>
#include <chrono>
#include <cstdint>
#include <limits>
#include <memory>
#include <string_view>
#include <unordered_map>

#include "seen_keys.hpp"
#include "sqlite.hpp"

namespace braid::scrape {

inline std::int64_t milliseconds(durable_frontier::time when) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(when.time_since_epoch()).count();
}

/// Where a job stands in `ready`, beside its id.
struct place {
  std::int64_t lane = 0;
  std::int64_t priority = 0;
};

/// The last job taken in a lane: those before it are taken too, so looking for more begins after it.
struct cursor {
  std::int64_t priority = std::numeric_limits<std::int64_t>::min();
  std::int64_t id = 0;
};

/// What totals holds.
struct totals {
  std::int64_t added = 0;
  std::int64_t done = 0;
  std::int64_t failed = 0;
  std::int64_t mark = 0;
  bool marked = false;
};

/// The file and what memory knows of it. durable_frontier's functions work on it: those that add and take in
/// durable_frontier.cpp, those that end a job in frontier_endings.cpp.
struct durable_frontier::state {
  /// Throws: io_error.
  state(const std::filesystem::path& path, std::string_view subject, const durable_frontier_options& options);

  void prepare(const durable_frontier_options& options);
  /// Within a transaction.
  void write_totals(const totals& next);
  void take_from_the_start() { cursors.clear(); }
  /// Moves what has become due to where it is taken from.
  std::size_t promote(std::int64_t now);
  /// Throws: invalid_argument for a job that was not taken.
  const place& lease_of(std::uint64_t id) const;

  sqlite::database file;
  totals sums;
  std::unordered_map<std::int64_t, place> leases;    // by id
  std::unordered_map<std::int64_t, cursor> cursors;  // by lane
  std::int64_t earliest_due = 0;                     // 0: nothing is delayed

  struct statements {
    explicit statements(sqlite::database& file);
    sqlite::statement add, delay, next, remove, fail, keep, again, later, sum;
  };
  std::unique_ptr<statements> run;
  std::unique_ptr<seen_keys> seen;
};

}  // namespace braid::scrape
