#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "digest_set.hpp"
#include "key_digest.hpp"
#include "key_filter.hpp"
#include "sqlite.hpp"

namespace braid::scrape {

/// The digests of all keys that were ever added, most of them in a tree on disk.
///
/// Digests fall anywhere in the tree: put in one at a time, each would write a page of its own. So new ones are
/// appended to a short table, which memory holds as well, and go into the tree in order when there are enough of them
/// to share its pages. Looking for one would read a page of its own too: a filter in memory spares that for keys that
/// are new. It holds what the tree holds, from the first call on that needs it: it is not kept in the file.
class seen_keys {
 public:
  /// What belongs into the layout of the file.
  static constexpr const char* tables =
      "CREATE TABLE seen(key BLOB PRIMARY KEY) WITHOUT ROWID;"
      "CREATE TABLE seen_lately(n INTEGER PRIMARY KEY, key BLOB);";

  /// `most_lately` is how many digests are held in memory, `known` how many keys the file holds, about.
  seen_keys(sqlite::database& file, std::size_t most_lately, std::size_t known);

  /// Before a transaction: puts the short table into the tree if it is full.
  void make_room();
  /// Within a transaction: which of these are new, the first of equals only, and remembers them.
  std::vector<bool> add(std::span<const digest> keys);
  /// After the transaction.
  void committed();

 private:
  void fill_filter();
  bool is_in_tree(const digest& key);

  sqlite::database& file_;
  const std::size_t most_lately_;
  const std::size_t known_;
  digest_set lately_;
  std::optional<key_filter> filter_;  // of the tree; empty: not yet needed
  std::vector<digest> added_;         // in the transaction
  bool tree_is_empty_ = true;
  sqlite::statement find_;
  sqlite::statement append_;
};

}  // namespace braid::scrape
