#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "key_digest.hpp"

namespace braid::scrape {

/// Tells of most keys that are not in a set that they are not, in two bytes a key: a split block Bloom filter, whose
/// answer costs one cache line. Never denies a key that was put in; of others about one in 500 passes.
///
/// It grows by layers, each twice as large as the one before, so that nothing is put in again. Past `most_bytes` the
/// last layer takes the rest, and more keys pass that should not.
class key_filter {
 public:
  /// Room for so many keys in the first layer.
  explicit key_filter(std::size_t keys, std::size_t most_bytes);

  /// One that passes already takes no room.
  void add(const digest& key);
  bool may_hold(const digest& key) const noexcept;

  std::size_t bytes() const noexcept { return bytes_; }

 private:
  /// A bit of each word is a key's.
  struct alignas(32) block {
    std::array<std::uint32_t, 8> words{};
  };
  struct layer {
    std::vector<block> blocks;
    std::size_t room = 0;  // keys
  };

  void add_layer(std::size_t keys);

  const std::size_t most_bytes_;
  std::size_t bytes_ = 0;
  std::size_t in_last_ = 0;  // keys
  std::vector<layer> layers_;
};

}  // namespace braid::scrape
