#include <braid/http/date.hpp>

#include <algorithm>
#include <array>
#include <cstdio>

namespace braid::http {
namespace {

using namespace std::chrono;

constexpr std::array<std::string_view, 7> days = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array<std::string_view, 7> long_days = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                       "Thursday", "Friday", "Saturday"};
constexpr std::array<std::string_view, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

/// Takes a date apart from its beginning. After a part that does not fit, all further parts fail.
class scanner {
 public:
  explicit scanner(std::string_view text) : rest_(text) {}

  void literal(std::string_view expected) {
    good_ = good_ && rest_.starts_with(expected);
    if (good_) rest_.remove_prefix(expected.size());
  }
  /// Exactly so many digits; a leading space stands for a zero where that is allowed.
  int number(std::size_t digits, bool padded = false) {
    good_ = good_ && rest_.size() >= digits;
    int value = 0;
    for (std::size_t i = 0; good_ && i < digits; ++i) {
      const char c = padded && i == 0 && rest_[i] == ' ' ? '0' : rest_[i];
      good_ = c >= '0' && c <= '9';
      value = value * 10 + (c - '0');
    }
    if (good_) rest_.remove_prefix(digits);
    return value;
  }
  template <std::size_t N>
  unsigned one_of(const std::array<std::string_view, N>& names) {
    const auto found = std::find_if(names.begin(), names.end(), [&](auto name) { return rest_.starts_with(name); });
    good_ = good_ && found != names.end();
    if (good_) rest_.remove_prefix(found->size());
    return static_cast<unsigned>(found - names.begin());
  }
  seconds time_of_day() {
    const int h = number(2);
    literal(":");
    const int m = number(2);
    literal(":");
    const int s = number(2);
    good_ = good_ && h < 24 && m < 60 && s <= 60;  // a leap second
    return hours(h) + minutes(m) + seconds(s);
  }
  bool good() const { return good_; }
  bool at_end() const { return good_ && rest_.empty(); }

 private:
  std::string_view rest_;
  bool good_ = true;
};

struct parts {
  year_month_day date;
  seconds time;
};

std::optional<sys_seconds> joined(const scanner& from, const parts& of) {
  if (!from.at_end() || !of.date.ok()) return std::nullopt;
  return sys_days(of.date) + of.time;
}

year_month_day date_of(int y, unsigned m, int d) { return {year(y), month(m + 1), day(static_cast<unsigned>(d))}; }

/// "Sun, 06 Nov 1994 08:49:37 GMT"
std::optional<sys_seconds> fixed_form(std::string_view text) {
  scanner from(text);
  from.one_of(days);
  from.literal(", ");
  const int d = from.number(2);
  from.literal(" ");
  const unsigned m = from.one_of(months);
  from.literal(" ");
  const int y = from.number(4);
  from.literal(" ");
  const seconds time = from.time_of_day();
  from.literal(" GMT");
  return joined(from, {date_of(y, m, d), time});
}

/// "Sunday, 06-Nov-94 08:49:37 GMT"
std::optional<sys_seconds> form_of_rfc850(std::string_view text, system_clock::time_point now) {
  scanner from(text);
  from.one_of(long_days);
  from.literal(", ");
  const int d = from.number(2);
  from.literal("-");
  const unsigned m = from.one_of(months);
  from.literal("-");
  int y = from.number(2);
  from.literal(" ");
  const seconds time = from.time_of_day();
  from.literal(" GMT");
  if (!from.at_end()) return std::nullopt;
  const int this_year = static_cast<int>(year_month_day(floor<std::chrono::days>(now)).year());
  y += this_year / 100 * 100;
  if (y > this_year + 50) y -= 100;
  return joined(from, {date_of(y, m, d), time});
}

/// "Sun Nov  6 08:49:37 1994"
std::optional<sys_seconds> form_of_asctime(std::string_view text) {
  scanner from(text);
  from.one_of(days);
  from.literal(" ");
  const unsigned m = from.one_of(months);
  from.literal(" ");
  const int d = from.number(2, true);
  from.literal(" ");
  const seconds time = from.time_of_day();
  from.literal(" ");
  const int y = from.number(4);
  return joined(from, {date_of(y, m, d), time});
}

}  // namespace

std::optional<sys_seconds> parse_date(std::string_view text, system_clock::time_point now) {
  if (const auto found = fixed_form(text)) return found;
  if (const auto found = form_of_rfc850(text, now)) return found;
  return form_of_asctime(text);
}

void append_date(std::string& out, sys_seconds when) {
  const auto midnight = floor<std::chrono::days>(when);
  const year_month_day date(midnight);
  const hh_mm_ss time(when - midnight);
  std::array<char, 64> text;
  const int size = std::snprintf(text.data(), text.size(), "%s, %02u %s %04d %02d:%02d:%02d GMT",
                                 days[weekday(midnight).c_encoding()].data(), static_cast<unsigned>(date.day()),
                                 months[static_cast<unsigned>(date.month()) - 1].data(), static_cast<int>(date.year()),
                                 static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                                 static_cast<int>(time.seconds().count()));
  out.append(text.data(), static_cast<std::size_t>(size));
}

std::string format_date(sys_seconds when) {
  std::string out;
  append_date(out, when);
  return out;
}

}  // namespace braid::http
