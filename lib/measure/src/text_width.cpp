#include <braid/measure/text_width.hpp>

#include <algorithm>
#include <array>
#include <cstdint>

namespace braid::measure {
namespace {

constexpr char32_t replacement = 0xFFFD;

struct code_point {
  char32_t value;
  std::size_t bytes;
};

/// The first code point of a text that is not empty; a byte that begins none is `replacement`, one byte long.
code_point first_of(std::string_view text) {
  const auto lead = static_cast<std::uint8_t>(text[0]);
  if (lead < 0x80) {
    return {lead, 1};
  }
  const std::size_t bytes = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < bytes) {
    return {replacement, 1};
  }
  char32_t value = lead & (0x7Fu >> bytes);
  for (std::size_t i = 1; i < bytes; ++i) {
    const auto next = static_cast<std::uint8_t>(text[i]);
    if ((next & 0xC0) != 0x80) {
      return {replacement, 1};
    }
    value = value << 6 | (next & 0x3F);
  }
  constexpr std::array<char32_t, 5> shortest{0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
  if (value < shortest[bytes] || value > 0x10FFFF || surrogate) {
    return {replacement, 1};
  }
  return {value, bytes};
}

struct range {
  char32_t first;
  char32_t last;
};

template <std::size_t N>
bool contains(const std::array<range, N>& ranges, char32_t c) {
  const auto at =
      std::lower_bound(ranges.begin(), ranges.end(), c, [](const range& r, char32_t value) { return r.last < value; });
  return at != ranges.end() && c >= at->first;
}

// Blocks rather than single characters: result pages are in the world's languages, tables need not be a font engine.
constexpr std::array<range, 17> zero_width{{{0x0300, 0x036F},
                                            {0x0483, 0x0489},
                                            {0x0591, 0x05BD},
                                            {0x0610, 0x061A},
                                            {0x064B, 0x065F},
                                            {0x06D6, 0x06DC},
                                            {0x093C, 0x093C},
                                            {0x0941, 0x0948},
                                            {0x094D, 0x094D},
                                            {0x0E31, 0x0E31},
                                            {0x0E34, 0x0E3A},
                                            {0x0E47, 0x0E4E},
                                            {0x200B, 0x200F},
                                            {0x202A, 0x202E},
                                            {0x2060, 0x2064},
                                            {0xFE00, 0xFE0F},
                                            {0xFEFF, 0xFEFF}}};

constexpr std::array<range, 12> double_width{{{0x1100, 0x115F},
                                              {0x2E80, 0x303E},
                                              {0x3041, 0x33FF},
                                              {0x3400, 0x4DBF},
                                              {0x4E00, 0x9FFF},
                                              {0xA000, 0xA4CF},
                                              {0xAC00, 0xD7A3},
                                              {0xF900, 0xFAFF},
                                              {0xFE30, 0xFE6F},
                                              {0xFF00, 0xFF60},
                                              {0x1F300, 0x1FAFF},
                                              {0x20000, 0x3FFFD}}};

std::size_t width_of(char32_t c) {
  if (c < 0x300) {
    return 1;
  }
  return contains(zero_width, c) ? 0 : contains(double_width, c) ? 2 : 1;
}

bool is_control(char32_t c) {
  const bool line_or_direction = c == 0x2028 || c == 0x2029 || (c >= 0x202A && c <= 0x202E);
  return c < 0x20 || (c >= 0x7F && c < 0xA0) || line_or_direction;
}

}  // namespace

std::size_t text_width(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) {
    const auto c = first_of(text);
    width += width_of(c.value);
    text.remove_prefix(c.bytes);
  }
  return width;
}

std::string printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const auto c = first_of(text);
    if (is_control(c.value)) {
      out += ' ';
    } else if (c.value == replacement) {
      out += "\xEF\xBF\xBD";
    } else {
      out += text.substr(0, c.bytes);
    }
    text.remove_prefix(c.bytes);
  }
  return out;
}

std::string clipped(std::string_view text, std::size_t columns) {
  if (text_width(text) <= columns) {
    return std::string(text);
  }
  if (columns == 0) {
    return {};
  }
  std::size_t width = 0;
  std::size_t bytes = 0;
  while (bytes < text.size()) {
    const auto c = first_of(text.substr(bytes));
    if (width + width_of(c.value) > columns - 1) {
      break;
    }
    width += width_of(c.value);
    bytes += c.bytes;
  }
  return std::string(text.substr(0, bytes)) + "…";
}

}  // namespace braid::measure
