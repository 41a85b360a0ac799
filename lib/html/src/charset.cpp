#include "charset.hpp"

#include <algorithm>

#include <braid/core/utf8.hpp>

#include "detect.hpp"
#include "parser.hpp"

namespace braid::html {
namespace {

/// Few enough broken sequences that the page is UTF-8 with damage (a snippet cut in the middle of a character) and not
/// another encoding: fewer than one in ten of the sequences that are no ASCII.
bool mostly_utf8(std::string_view bytes) {
  const auto beyond_ascii = [](std::string_view part) {
    return std::count_if(part.begin(), part.end(), [](char c) { return static_cast<unsigned char>(c) >= 0xC0; });
  };
  std::ptrdiff_t broken = 0, whole = 0;
  while (!bytes.empty()) {
    const auto good = valid_utf8(bytes);
    whole += beyond_ascii(bytes.substr(0, good));
    if (good == bytes.size()) break;
    ++broken;
    bytes.remove_prefix(good + 1);
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
    page.copy = repaired_utf8(std::string(bytes));
  } else {
    page.charset = name.empty() ? detected_encoding(bytes).value_or("windows-1252") : name;
    page.copy = decode(bytes, page.charset);
  }
  page.text = page.copy;
  return page;
}

}  // namespace braid::html
