#include <algorithm>
#include <iterator>

#include <braid/http/cache.hpp>

#include "cache/field_list.hpp"

namespace braid::http {

bool response_cache::begin_refresh(const std::string& key) {
  const std::lock_guard lock(mutex_);
  return refreshing_.insert(key).second;
}

void response_cache::end_refresh(const std::string& key) {
  const std::lock_guard lock(mutex_);
  refreshing_.erase(key);
}

memory_cache::memory_cache(cache_limits limits) : limits_(limits) {}

boost::asio::awaitable<response_cache::entry> memory_cache::find(const std::string& key, const headers& request) {
  const std::lock_guard lock(mutex_);
  const auto [begin, end] = places_.equal_range(key);
  auto best = end;
  for (auto at = begin; at != end; ++at) {
    const stored_response& stored = **at->second;
    if (!is_selected(stored, request)) continue;
    if (best == end || stored.received > (*best->second)->received) best = at;
  }
  if (best == end) co_return nullptr;
  entries_.splice(entries_.begin(), entries_, best->second);
  co_return entries_.front();
}

boost::asio::awaitable<void> memory_cache::put(entry what) {
  if (what->bytes() > limits_.entry_bytes) co_return;
  const std::lock_guard lock(mutex_);
  const auto [begin, end] = places_.equal_range(what->key);
  const auto same = std::find_if(
      begin, end, [&](const auto& one) { return same_selection((*one.second)->selecting, what->selecting); });
  if (same != end) {
    erase(same->second);
  } else if (places_.count(what->key) >= limits_.variants) {
    const auto oldest =
        std::find_if(entries_.rbegin(), entries_.rend(), [&](const entry& e) { return e->key == what->key; });
    erase(std::prev(oldest.base()));
  }
  bytes_ += what->bytes();
  std::string key = what->key;
  entries_.push_front(std::move(what));
  places_.emplace(std::move(key), entries_.begin());
  while (bytes_ > limits_.bytes) erase(std::prev(entries_.end()));
}

boost::asio::awaitable<void> memory_cache::remove(std::string key) {
  const std::lock_guard lock(mutex_);
  for (auto at = places_.find(key); at != places_.end(); at = places_.find(key)) erase(at->second);
  co_return;
}

void memory_cache::erase(place which) {
  const auto [begin, end] = places_.equal_range((*which)->key);
  places_.erase(std::find_if(begin, end, [&](const auto& one) { return one.second == which; }));
  bytes_ -= (*which)->bytes();
  entries_.erase(which);
}

std::size_t memory_cache::size() const {
  const std::lock_guard lock(mutex_);
  return entries_.size();
}

std::size_t memory_cache::bytes() const {
  const std::lock_guard lock(mutex_);
  return bytes_;
}

}  // namespace braid::http
