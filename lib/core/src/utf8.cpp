#include <braid/core/utf8.hpp>

#include <cstdint>
#include <cstring>

namespace braid {
namespace {

/// The length of the UTF-8 sequence at `at`; 0 if it is broken.
std::size_t sequence(std::string_view bytes, std::size_t at) {
  const auto byte = [&](std::size_t i) -> unsigned {
    return at + i < bytes.size() ? static_cast<unsigned char>(bytes[at + i]) : 0u;
  };
  const auto follows = [&](std::size_t i) { return (byte(i) & 0xC0u) == 0x80u; };
  const unsigned lead = byte(0);
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return follows(1) ? 2 : 0;
  if (lead >= 0xE0 && lead <= 0xEF) {
    if (!follows(1) || !follows(2)) return 0;
    if (lead == 0xE0 && byte(1) < 0xA0) return 0;
    if (lead == 0xED && byte(1) > 0x9F) return 0;
    return 3;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    if (!follows(1) || !follows(2) || !follows(3)) return 0;
    if (lead == 0xF0 && byte(1) < 0x90) return 0;
    if (lead == 0xF4 && byte(1) > 0x8F) return 0;
    return 4;
  }
  return 0;
}

}  // namespace

std::size_t valid_utf8(std::string_view bytes) {
  std::size_t at = 0;
  while (at < bytes.size()) {
    std::uint64_t word = 0;
    if (at + sizeof word <= bytes.size()) {
      std::memcpy(&word, bytes.data() + at, sizeof word);
      if ((word & 0x8080808080808080u) == 0) {
        at += sizeof word;
        continue;
      }
    }
    const auto length = sequence(bytes, at);
    if (length == 0) return at;
    at += length;
  }
  return at;
}

std::string repaired_utf8(std::string text) {
  std::string_view rest = text;
  auto good = valid_utf8(rest);
  if (good == rest.size()) return text;
  std::string repaired;
  repaired.reserve(text.size() + 64);
  for (;;) {
    repaired += rest.substr(0, good);
    if (good == rest.size()) return repaired;
    repaired += "\xEF\xBF\xBD";
    rest.remove_prefix(good + 1);
    good = valid_utf8(rest);
  }
}

}  // namespace braid
