#include <braid/measure/format.hpp>

#include <catch2/catch.hpp>

#include <limits>

using namespace braid::measure;
using namespace std::chrono_literals;

TEST_CASE("durations are shown in the unit that fits") {
  CHECK(format_duration(0ns) == "0 ns");
  CHECK(format_duration(850ns) == "850 ns");
  CHECK(format_duration(1234us) == "1.23 ms");
  CHECK(format_duration(41'234ms) == "41.2 s");
  CHECK(format_duration(100ms) == "100 ms");
  CHECK(format_duration(999'999ns) == "1.00 ms");
  CHECK(format_duration(192s) == "3 min 12 s");
  CHECK(format_duration(-1500us) == "-1.50 ms");
}

TEST_CASE("numbers keep three digits that matter") {
  CHECK(format_number(9.934) == "9.93");
  CHECK(format_number(9.999) == "10.0");
  CHECK(format_number(99.97) == "100");
  CHECK(format_number(12345.4) == "12,345");
  CHECK(format_number(1234567) == "1,234,567");
  CHECK(format_number(std::numeric_limits<double>::infinity()) == "-");
}

TEST_CASE("counts, sizes and ratios") {
  CHECK(format_count(0) == "0");
  CHECK(format_count(999) == "999");
  CHECK(format_count(1000) == "1,000");
  CHECK(format_bytes(512) == "512 B");
  CHECK(format_bytes(1536) == "1.50 KiB");
  CHECK(format_bytes(300 * 1024) == "300 KiB");
  CHECK(format_ratio(1.934) == "1.93 ×");
  CHECK(format_ratio(std::numeric_limits<double>::quiet_NaN()) == "-");
}
