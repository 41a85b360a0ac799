#include <braid/http/date.hpp>
#include <catch2/catch.hpp>

using namespace std::chrono;
using braid::http::format_date;
using braid::http::parse_date;

namespace {

const sys_seconds example = sys_days(year(1994) / 11 / 6) + hours(8) + minutes(49) + seconds(37);

}  // namespace

TEST_CASE("the three forms of an HTTP date") {
  CHECK(parse_date("Sun, 06 Nov 1994 08:49:37 GMT") == example);
  CHECK(parse_date("Sunday, 06-Nov-94 08:49:37 GMT") == example);
  CHECK(parse_date("Sun Nov  6 08:49:37 1994") == example);
  CHECK(parse_date("Sun Nov 16 08:49:37 1994") == example + days(10));
}

TEST_CASE("a year of two digits is at most fifty years ahead") {
  const auto now = sys_days(year(2026) / 1 / 1);
  const auto year_of = [&](std::string_view text) {
    return static_cast<int>(year_month_day(floor<days>(*parse_date(text, now))).year());
  };
  CHECK(year_of("Sunday, 06-Nov-76 08:49:37 GMT") == 2076);
  CHECK(year_of("Sunday, 06-Nov-77 08:49:37 GMT") == 1977);
}

TEST_CASE("what is no date is none") {
  for (const char* bad :
       {"", "Sun, 06 Foo 1994 08:49:37 GMT", "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:49:37 GMT",
        "Sun, 06 Nov 1994 08:60:37 GMT", "Sun, 06 Nov 1994 08:49:37 CET", "Sun, 6 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 08:49:37 GMT ", "06 Nov 1994 08:49:37 GMT", "Sun, 00 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994", "0", "Sun Nov 6 08:49:37 1994"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_date(bad));
  }
}

TEST_CASE("a date is written in the preferred form, and read again") {
  CHECK(format_date(example) == "Sun, 06 Nov 1994 08:49:37 GMT");
  CHECK(format_date(sys_seconds()) == "Thu, 01 Jan 1970 00:00:00 GMT");
  for (int day = 0; day < 1000; ++day) {
    const auto when = example + days(37 * day) + seconds(day);
    REQUIRE(parse_date(format_date(when)) == when);
  }
}
