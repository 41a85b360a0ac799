#include "key_filter.hpp"

#include <algorithm>
#include <cstring>

namespace braid::scrape {
namespace {

constexpr std::size_t keys_per_block = 16;

/// Odd factors that make eight bit numbers of one half of a digest.
constexpr std::array<std::uint32_t, 8> factors = {0x47b6137bU, 0x44974d91U, 0x8824ad5bU, 0xa2b7289dU,
                                                  0x705495c7U, 0x2df1424bU, 0x9efc4947U, 0x5c6bfb31U};

std::uint32_t bit_of(std::uint32_t value, std::size_t word) { return 1U << ((value * factors[word]) >> 27U); }

struct halves {
  explicit halves(const digest& key) {
    std::memcpy(&place, key.data(), sizeof(place));
    std::memcpy(&bits, key.data() + 8, sizeof(bits));
  }
  /// Spreads over the blocks without a division.
  std::size_t block_of(std::size_t blocks) const { return ((place & 0xffffffffU) * blocks) >> 32U; }

  std::uint64_t place = 0;
  std::uint32_t bits = 0;
};

}  // namespace

key_filter::key_filter(std::size_t keys, std::size_t most_bytes) : most_bytes_(most_bytes) { add_layer(keys); }

void key_filter::add_layer(std::size_t keys) {
  const auto left = bytes_ < most_bytes_ ? (most_bytes_ - bytes_) / sizeof(block) : 0;
  auto blocks = std::clamp<std::size_t>(keys / keys_per_block, 1, std::max<std::size_t>(left, 1));
  layer next;
  next.blocks.resize(blocks);
  next.room = blocks * keys_per_block;
  bytes_ += blocks * sizeof(block);
  layers_.push_back(std::move(next));
  in_last_ = 0;
}

void key_filter::add(const digest& key) {
  if (may_hold(key)) return;
  if (in_last_ >= layers_.back().room && bytes_ + sizeof(block) <= most_bytes_) add_layer(2 * layers_.back().room);
  ++in_last_;
  const halves parts(key);
  auto& blocks = layers_.back().blocks;
  auto& words = blocks[parts.block_of(blocks.size())].words;
  for (std::size_t i = 0; i < words.size(); ++i) words[i] |= bit_of(parts.bits, i);
}

bool key_filter::may_hold(const digest& key) const noexcept {
  const halves parts(key);
  return std::any_of(layers_.begin(), layers_.end(), [&](const layer& one) {
    const auto& words = one.blocks[parts.block_of(one.blocks.size())].words;
    std::uint32_t missing = 0;
    for (std::size_t i = 0; i < words.size(); ++i) missing |= bit_of(parts.bits, i) & ~words[i];
    return missing == 0;
  });
}

}  // namespace braid::scrape
