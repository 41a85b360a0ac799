#include <algorithm>
#include <array>

#include <braid/http/cookies.hpp>

namespace braid::http {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_delimiter(char c) {
  const auto u = static_cast<unsigned char>(c);
  return u == 0x09 || (u >= 0x20 && u <= 0x2F) || (u >= 0x3B && u <= 0x40) || (u >= 0x5B && u <= 0x60) ||
         (u >= 0x7B && u <= 0x7E);
}

/// A number of `least` to `most` digits at the front of `text`, which it leaves. What follows must not be a digit.
std::optional<int> take_number(std::string_view& text, std::size_t least, std::size_t most) {
  std::size_t size = 0;
  int value = 0;
  for (; size < text.size() && size < most && is_digit(text[size]); ++size) value = value * 10 + (text[size] - '0');
  if (size < least || (size < text.size() && is_digit(text[size]))) return std::nullopt;
  text.remove_prefix(size);
  return value;
}

struct clock_time {
  int hour = 0, minute = 0, second = 0;
};

std::optional<clock_time> time_of(std::string_view token) {
  std::array<int, 3> parts{};
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) {
      if (token.empty() || token.front() != ':') return std::nullopt;
      token.remove_prefix(1);
    }
    const auto number = take_number(token, 1, 2);
    if (!number) return std::nullopt;
    parts[i] = *number;
  }
  return clock_time{parts[0], parts[1], parts[2]};
}

std::optional<int> month_of(std::string_view token) {
  constexpr std::array<std::string_view, 12> names{"jan", "feb", "mar", "apr", "may", "jun",
                                                   "jul", "aug", "sep", "oct", "nov", "dec"};
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (equal_ignoring_case(token.substr(0, 3), names[i])) return static_cast<int>(i) + 1;
  }
  return std::nullopt;
}

}  // namespace

std::optional<wall_time> parse_cookie_date(std::string_view text) {
  std::optional<clock_time> time;
  std::optional<int> day, month, year;
  while (!text.empty()) {
    std::size_t size = 0;
    while (size < text.size() && !is_delimiter(text[size])) ++size;
    std::string_view token = text.substr(0, size);
    text.remove_prefix(std::min(size + 1, text.size()));
    if (token.empty()) continue;
    // Each token is the first of these that is still wanted and that it can be.
    if (!time && (time = time_of(token))) continue;
    if (!day && (day = take_number(token, 1, 2))) continue;
    if (!month && (month = month_of(token))) continue;
    if (!year) year = take_number(token, 2, 4);
  }
  if (!time || !day || !month || !year) return std::nullopt;
  if (*year < 70) *year += 2000;
  if (*year < 100) *year += 1900;
  if (*year < 1601 || time->hour > 23 || time->minute > 59 || time->second > 59) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  // Counted in nanoseconds, the clock ends in the year 2262.
  const std::chrono::sys_seconds moment = std::chrono::sys_days(date) + std::chrono::hours(time->hour) +
                                          std::chrono::minutes(time->minute) + std::chrono::seconds(time->second);
  constexpr auto last = std::chrono::floor<std::chrono::seconds>(wall_time::max());
  constexpr auto first = std::chrono::ceil<std::chrono::seconds>(wall_time::min());
  return wall_time(std::clamp(moment, first, last));
}

}  // namespace braid::http
