#include "client/head_lines.hpp"

#include <bit>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "field_bytes.hpp"

namespace braid::http {

namespace {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// The first control byte but the tab in [at, end), or end. Sixteen bytes at a time where the machine has them.
const char* find_control(const char* at, const char* end) {
#ifdef __SSE2__
  while (end - at >= 16) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    const __m128i low = _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(0x1F)), bytes);
    const __m128i other = _mm_andnot_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('\t')), low);
    const __m128i found = _mm_or_si128(other, _mm_cmpeq_epi8(bytes, _mm_set1_epi8(0x7F)));
    const auto hits = static_cast<unsigned>(_mm_movemask_epi8(found));
    if (hits != 0) return at + std::countr_zero(hits);
    at += 16;
  }
#endif
  while (at != end && !is_control(*at)) ++at;
  return at;
}

}  // namespace

line_fault read_status_line(std::string_view line, status_line& out) {
  // "HTTP/1.1 200" is the least.
  if (line.size() < 9 || !line.starts_with("HTTP/") || !is_digit(line[5]) || line[6] != '.' || !is_digit(line[7]) ||
      line[8] != ' ') {
    return line_fault::bad_version;
  }
  if (line[5] != '1' || line[7] > '1') return line_fault::bad_version;
  out.version = line[7] == '1' ? 11 : 10;
  if (line.size() < 12 || !is_digit(line[9]) || !is_digit(line[10]) || !is_digit(line[11])) {
    return line_fault::bad_status;
  }
  out.status = (line[9] - '0') * 100 + (line[10] - '0') * 10 + (line[11] - '0');
  if (line.size() == 12) {
    out.reason = {};
    return line_fault::none;
  }
  if (line[12] != ' ') return line_fault::bad_status;
  out.reason = line.substr(13);
  const char* const end = line.data() + line.size();
  return find_control(out.reason.data(), end) == end ? line_fault::none : line_fault::bad_line;
}

line_fault read_field_lines(std::string_view input, std::size_t& at, field_places& out) {
  const char* const begin = input.data();
  const char* const end = begin + input.size();
  const auto place = [begin](const char* where) { return static_cast<std::uint32_t>(where - begin); };
  const char* line = begin + at;
  for (;;) {
    if (end - line < 2) return line_fault::cut_off;
    if (*line == '\r') break;
    const char* name_end = line;
    while (name_end != end && token_bytes[static_cast<unsigned char>(*name_end)]) ++name_end;
    if (name_end == end) return line_fault::cut_off;
    if (name_end == line || *name_end != ':') return line_fault::bad_line;
    const char* value = name_end + 1;
    while (value != end && is_blank(*value)) ++value;
    const char* const line_end = find_control(value, end);
    if (end - line_end < 2) return line_fault::cut_off;
    if (line_end[0] != '\r' || line_end[1] != '\n') return line_fault::bad_line;
    const char* value_end = line_end;
    while (value_end != value && is_blank(value_end[-1])) --value_end;
    if (out.count == out.room.size()) return line_fault::too_many;
    out.room[out.count++] = {place(line), static_cast<std::uint32_t>(name_end - line), place(value),
                             static_cast<std::uint32_t>(value_end - value)};
    line = line_end + 2;
  }
  if (line[1] != '\n') return line_fault::bad_line;
  at = static_cast<std::size_t>(line + 2 - begin);
  return line_fault::none;
}

line_fault read_head(std::string_view input, status_line& first, field_places& out, std::size_t& end) {
  const std::size_t line = input.find("\r\n");
  if (line == input.npos) return line_fault::cut_off;
  const line_fault why = read_status_line(input.substr(0, line), first);
  if (why != line_fault::none) return why;
  end = line + 2;
  return read_field_lines(input, end, out);
}

}  // namespace braid::http
