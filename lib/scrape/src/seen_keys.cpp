#include "seen_keys.hpp"

#include <algorithm>
#include <numeric>
#include <string>
#include <string_view>

namespace braid::scrape {
namespace {

std::string_view bytes_of(const digest& key) { return {key.data(), key.size()}; }

}  // namespace

seen_keys::seen_keys(sqlite::database& file, std::size_t most_lately)
    : file_(file),
      most_lately_(std::max<std::size_t>(most_lately, 1)),
      tree_is_empty_(file.number("SELECT EXISTS(SELECT 1 FROM seen)") == 0),
      find_(file, "SELECT 1 FROM seen WHERE key = ?1"),
      append_(file, "INSERT INTO seen_lately(key) VALUES(?1)") {
  sqlite::statement all(file_, "SELECT key FROM seen_lately");
  while (all.next()) {
    const auto bytes = all.bytes(0);
    digest key{};
    std::copy_n(bytes.begin(), std::min(bytes.size(), key.size()), key.begin());
    lately_.insert(key);
  }
}

void seen_keys::make_room() {
  if (lately_.size() < most_lately_) return;
  std::vector<digest> keys(lately_.begin(), lately_.end());
  std::sort(keys.begin(), keys.end());
  sqlite::transaction all(file_);
  sqlite::statement insert(file_, "INSERT OR IGNORE INTO seen VALUES(?1)");
  for (const auto& key : keys) insert.bind(1, bytes_of(key)).run();
  file_.run("DELETE FROM seen_lately");
  all.commit();
  lately_.clear();
  tree_is_empty_ = false;
}

std::vector<bool> seen_keys::add(std::span<const digest> keys) {
  added_.clear();
  // Neighbours in the tree one after another, so that a page is looked for once. Equal keys stay in order.
  std::vector<std::size_t> order(keys.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(), [&](auto a, auto b) { return keys[a] == keys[b] ? a < b : keys[a] < keys[b]; });
  std::vector<bool> fresh(keys.size());
  const digest* before = nullptr;
  for (const auto i : order) {
    const auto& key = keys[i];
    const bool doubled = before != nullptr && *before == key;
    before = &key;
    if (doubled || lately_.contains(key)) continue;
    if (!tree_is_empty_) {
      const bool found = find_.bind(1, bytes_of(key)).next();
      if (found) find_.reset();
      if (found) continue;
    }
    fresh[i] = true;
    append_.bind(1, bytes_of(key)).run();
    added_.push_back(key);
  }
  return fresh;
}

void seen_keys::committed() {
  lately_.insert(added_.begin(), added_.end());
  added_.clear();
}

}  // namespace braid::scrape
