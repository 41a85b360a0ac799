#include "digest_set.hpp"

#include <algorithm>
#include <cstring>
#include <iterator>

namespace braid::scrape {
namespace {

constexpr digest free_slot{};

}  // namespace

/// Where the key is, or would be.
std::size_t digest_set::slot_of(const digest& key) const noexcept {
  std::size_t at = 0;
  std::memcpy(&at, key.data(), sizeof(at));
  for (at &= slots_.size() - 1; slots_[at] != free_slot && slots_[at] != key;) at = (at + 1) & (slots_.size() - 1);
  return at;
}

bool digest_set::contains(const digest& key) const noexcept {
  return key == free_slot ? zero_ : slots_[slot_of(key)] == key;
}

void digest_set::insert(const digest& key) {
  if (key == free_slot) {
    size_ += zero_ ? 0 : 1;
    zero_ = true;
    return;
  }
  auto& slot = slots_[slot_of(key)];
  if (slot == key) return;
  slot = key;
  ++size_;
  if (size_ > slots_.size() / 3 * 2) grow();
}

void digest_set::grow() {
  std::vector<digest> before(2 * slots_.size());
  before.swap(slots_);
  for (const auto& key : before) {
    if (key != free_slot) slots_[slot_of(key)] = key;
  }
}

void digest_set::clear() noexcept {
  std::fill(slots_.begin(), slots_.end(), free_slot);
  size_ = 0;
  zero_ = false;
}

std::vector<digest> digest_set::sorted() const {
  std::vector<digest> all;
  all.reserve(size_);
  if (zero_) all.push_back(free_slot);
  std::copy_if(slots_.begin(), slots_.end(), std::back_inserter(all),
               [](const digest& one) { return one != free_slot; });
  std::sort(all.begin(), all.end());
  return all;
}

}  // namespace braid::scrape
