#pragma once

#include <cstddef>
#include <vector>

#include "key_digest.hpp"

namespace braid::scrape {

/// Digests in one block of memory that grows: 24 to 48 bytes each.
class digest_set {
 public:
  digest_set() = default;

  bool contains(const digest& key) const noexcept;
  void insert(const digest& key);
  void clear() noexcept;
  std::size_t size() const noexcept { return size_; }
  /// All, from low to high.
  std::vector<digest> sorted() const;

 private:
  void grow();
  std::size_t slot_of(const digest& key) const noexcept;

  std::vector<digest> slots_ = std::vector<digest>(1024);  // all zero: free
  std::size_t size_ = 0;
  bool zero_ = false;  // the digest that is all zero is here
};

}  // namespace braid::scrape
