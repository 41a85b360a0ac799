#include "seen_keys.hpp"

#include <algorithm>
#include <numeric>
#include <string>
#include <string_view>
#include <utility>

namespace braid::scrape {
namespace {

constexpr std::size_t fewest_filtered = std::size_t{1} << 20U;
constexpr std::size_t most_filter_bytes = std::size_t{64} << 20U;  // thirty million keys

std::string_view bytes_of(const digest& key) { return {key.data(), key.size()}; }

digest digest_of(const std::string& bytes) {
  digest key{};
  std::copy_n(bytes.begin(), std::min(bytes.size(), key.size()), key.begin());
  return key;
}

}  // namespace

seen_keys::seen_keys(sqlite::database& file, std::size_t most_lately, std::size_t known)
    : file_(file),
      most_lately_(std::max<std::size_t>(most_lately, 1)),
      known_(known),
      tree_is_empty_(file.number("SELECT EXISTS(SELECT 1 FROM seen)") == 0),
      find_(file, "SELECT 1 FROM seen WHERE key = ?1"),
      append_(file, "INSERT INTO seen_lately(key) VALUES(?1)") {
  sqlite::statement all(file_, "SELECT key FROM seen_lately");
  while (all.next()) lately_.insert(digest_of(all.bytes(0)));
}

void seen_keys::fill_filter() {
  key_filter filter(std::max(known_, fewest_filtered), most_filter_bytes);
  sqlite::statement all(file_, "SELECT key FROM seen");
  while (all.next()) filter.add(digest_of(all.bytes(0)));
  // Only a whole one: a key that it lacks would be added twice.
  filter_.emplace(std::move(filter));
}

void seen_keys::make_room() {
  if (lately_.size() < most_lately_) return;
  if (!filter_) fill_filter();
  const auto keys = lately_.sorted();
  // Before they are in the tree: a key that the filter holds and the tree does not is looked for in vain, no more.
  for (const auto& key : keys) filter_->add(key);
  sqlite::transaction all(file_);
  sqlite::statement insert(file_, "INSERT OR IGNORE INTO seen VALUES(?1)");
  for (const auto& key : keys) insert.bind(1, bytes_of(key)).run();
  file_.run("DELETE FROM seen_lately");
  all.commit();
  lately_.clear();
  tree_is_empty_ = false;
}

bool seen_keys::is_in_tree(const digest& key) {
  if (tree_is_empty_) return false;
  if (!filter_) fill_filter();
  if (!filter_->may_hold(key)) return false;
  const bool found = find_.bind(1, bytes_of(key)).next();
  if (found) find_.reset();
  return found;
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
    if (doubled || lately_.contains(key) || is_in_tree(key)) continue;
    fresh[i] = true;
    append_.bind(1, bytes_of(key)).run();
    added_.push_back(key);
  }
  return fresh;
}

void seen_keys::committed() {
  for (const auto& key : added_) lately_.insert(key);
  added_.clear();
}

}  // namespace braid::scrape
