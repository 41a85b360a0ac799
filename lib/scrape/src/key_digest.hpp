#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace braid::scrape {

using digest = std::array<char, 16>;

/// 128 bits that stand for a key: among ten million keys, two that are taken for one are as likely as one in 10^24.
/// Against keys made to collide it does not defend. The bytes are the same on every machine.
inline digest key_digest(std::string_view key) {
  // Two multiply-and-add chains over the bytes with independent odd factors, then each lane finished with the mixer of
  // SplitMix64, the other lane folded in.
  std::uint64_t a = 0x243f6a8885a308d3U ^ key.size();
  std::uint64_t b = 0x13198a2e03707344U + key.size();
  for (const unsigned char c : key) {
    a = (a ^ c) * 0x9e3779b97f4a7c15U;
    a ^= a >> 29U;
    b = (b + c + 1) * 0xd6e8feb86659fd93U;
    b ^= b >> 32U;
  }
  const auto mix = [](std::uint64_t value) {
    value = (value ^ (value >> 30U)) * 0xbf58476d1ce4e5b9U;
    value = (value ^ (value >> 27U)) * 0x94d049bb133111ebU;
    return value ^ (value >> 31U);
  };
  const std::array<std::uint64_t, 2> lanes = {mix(a + (b << 1U)), mix(b ^ (a >> 1U))};
  digest bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(lanes[i / 8] >> (56 - 8 * (i % 8)));
  return bytes;
}

}  // namespace braid::scrape
