#include "charset.hpp"

#include <cstdint>
#include <cstring>

#include "parser.hpp"

namespace braid::html {
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

std::string repaired(std::string_view bytes) {
  std::string text;
  text.reserve(bytes.size() + 64);
  while (!bytes.empty()) {
    const auto good = valid_utf8(bytes);
    text += bytes.substr(0, good);
    if (good == bytes.size()) break;
    text += "\xEF\xBF\xBD";
    bytes.remove_prefix(good + 1);
  }
  return text;
}

/// Few enough broken sequences that the page is UTF-8 with damage (a snippet cut in the middle of a character) and not
/// another encoding: fewer than one in ten of the sequences that are no ASCII.
bool mostly_utf8(std::string_view bytes) {
  std::size_t broken = 0, whole = 0;
  for (std::size_t at = 0; at < bytes.size();) {
    const auto length = sequence(bytes, at);
    if (length == 0) ++broken;
    if (length > 1) ++whole;
    at += length == 0 ? 1 : length;
  }
  return broken * 10 < whole;
}

std::string_view chosen(std::string_view bytes, std::string_view declared) {
  if (!declared.empty())
    if (const auto named = encoding_by_label(declared)) return *named;
  // A <meta> that can be read as ASCII is no UTF-16, whatever it says.
  if (const auto named = encoding_in_meta(bytes.substr(0, 4096)))
    return named->starts_with("UTF-16") || named->starts_with("utf-16") ? std::string_view("utf-8") : *named;
  return {};
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

decoded decode_page(std::string_view bytes, std::string_view declared) {
  decoded page;
  page.charset = "utf-8";
  if (bytes.starts_with("\xEF\xBB\xBF")) {
    bytes.remove_prefix(3);
    declared = "utf-8";
  } else if (bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF")) {
    page.charset = bytes.starts_with("\xFF\xFE") ? "utf-16le" : "utf-16be";
    page.copy = decode(bytes.substr(2), page.charset);
    page.text = page.copy;
    return page;
  }
  // Valid UTF-8 with characters beyond ASCII is UTF-8 whatever is declared: saved pages were often converted and kept
  // their old <meta>.
  const bool valid = valid_utf8(bytes) == bytes.size();
  const auto name = chosen(bytes, declared);
  if (valid && (name.empty() || !name.starts_with("ISO-2022"))) {
    page.text = bytes;
    return page;
  }
  const auto is_utf8 = [](std::string_view n) { return n == "utf-8" || n == "UTF-8"; };
  if (is_utf8(name) || mostly_utf8(bytes)) {
    page.copy = repaired(bytes);
  } else {
    page.charset = name.empty() ? "windows-1252" : name;
    page.copy = decode(bytes, page.charset);
  }
  page.text = page.copy;
  return page;
}

}  // namespace braid::html
