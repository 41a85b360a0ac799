#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <unordered_set>
#include <vector>

#include "sqlite.hpp"

namespace braid::scrape {

using digest = std::array<char, 16>;

/// The digests of all keys that were ever added, most of them in a tree on disk.
///
/// Digests fall anywhere in the tree: put in one at a time, each would write a page of its own. So new ones are
/// appended to a short table, which memory holds as well, and go into the tree in order when there are enough of them
/// to share its pages.
class seen_keys {
 public:
  /// What belongs into the layout of the file.
  static constexpr const char* tables =
      "CREATE TABLE seen(key BLOB PRIMARY KEY) WITHOUT ROWID;"
      "CREATE TABLE seen_lately(n INTEGER PRIMARY KEY, key BLOB);";

  /// `most_lately` is how many digests are held in memory, at 60 bytes each.
  seen_keys(sqlite::database& file, std::size_t most_lately);

  /// Before a transaction: puts the short table into the tree if it is full.
  void make_room();
  /// Within a transaction: which of these are new, the first of equals only, and remembers them.
  std::vector<bool> add(std::span<const digest> keys);
  /// After the transaction.
  void committed();

 private:
  struct first_bytes {
    std::size_t operator()(const digest& key) const noexcept {
      std::size_t value = 0;
      std::memcpy(&value, key.data(), sizeof(value));
      return value;
    }
  };

  sqlite::database& file_;
  const std::size_t most_lately_;
  std::unordered_set<digest, first_bytes> lately_;
  std::vector<digest> added_;  // in the transaction
  bool tree_is_empty_ = true;
  sqlite::statement find_;
  sqlite::statement append_;
};

}  // namespace braid::scrape
