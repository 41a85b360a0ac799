// The lines that show how far a transfer is.
#include <catch2/catch.hpp>

#include "../../apps/get/progress_text.hpp"
#include "program.hpp"

using namespace braid::get;
using namespace std::chrono_literals;

TEST_CASE("sizes and spans have a fixed width") {
  CHECK(size_text(0) == "    0");
  CHECK(size_text(99'999) == "99999");
  CHECK(size_text(100'000) == "97.7k");
  CHECK(size_text(123'456'789) == " 118M");
  CHECK(size_text(20'000'000'000) == "18.6G");
  CHECK(size_text(UINT64_MAX) == "  16E");
  CHECK(span_text(0) == "0:00:00");
  CHECK(span_text(3723) == "1:02:03");
  CHECK(span_text(43'380) == "12h 03m");
  CHECK(span_text(100 * 86400 + 7200) == "100d 2h");
  CHECK(span_text(1000ULL * 86400) == " >999d ");
  CHECK(span_text(std::nullopt) == "-:--:--");
}

TEST_CASE("the meter shows shares, sizes, rates and times") {
  progress how;
  how.received = 250'000;
  how.to_receive = 1'000'000;
  how.rate = 60'000;
  how.spent = 5s;
  CHECK(meter_line(how) == "\r 25  977k   25  244k    0     0  50000      0 0:00:20 0:00:05 0:00:15 60000");
  how.received = 1'000'000;
  CHECK(meter_line(how).starts_with("\r100  977k  100  977k    0"));
  CHECK(meter_line(progress()) == "\r  0     0    0     0    0     0      0      0 -:--:-- 0:00:00 -:--:--     0");
  CHECK(meter_head().find("Received") < meter_head().find('\n'));
}

TEST_CASE("the bar fills its columns and ends as curl's") {
  progress how;
  how.received = 500;
  how.to_receive = 1000;
  how.rate = 50;
  CHECK(bar_line(how, 60) == "\r" + std::string(18, '#') + std::string(19, ' ') + "  50.0%    50/s 0:00:10");
  CHECK(bar_line(how, 60).size() == 61);
  CHECK(bar_line(how, 1).size() == 21);
  CHECK(bar_line(how, 5000).size() == 401);
  how.received = 1000;
  CHECK(bar_line(how, 79) == "\r" + std::string(72, '#') + " 100.0%");
  how.had = 1000;
  how.received = 0;
  CHECK(bar_line(how, 79).find(" 50.0%") != std::string::npos);
  how.to_receive.reset();
  CHECK(bar_line(how, 79) == "\r 1000     50/s");
}

TEST_CASE("a meter is drawn where the body goes to a file and unless it is unwanted") {
  const get_test::server at;
  CHECK(get_test::has(get_test::get("-o /dev/null " + at("/large")).err, "100 97.7k  100 97.7k"));
  CHECK(get_test::has(get_test::get("-T /etc/passwd -o /dev/null " + at("/echo")).err, "% Xferd"));
  CHECK(get_test::get("-s -o /dev/null " + at("/large")).err.empty());
  CHECK(get_test::get("--no-progress-meter -o /dev/null " + at("/large")).err.empty());
  const std::string bar = get_test::get("-# -o /dev/null " + at("/large"), "COLUMNS=40").err;
  CHECK(get_test::has(bar, "\r" + std::string(33, '#') + " 100.0%\n"));
  const std::string both = get_test::get("-Z -o /dev/null -o /dev/null " + at("/large") + " " + at("/large")).err;
  CHECK(get_test::has(both, " 195k  100  195k"));
}
