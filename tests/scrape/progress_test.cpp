#include <braid/scrape/progress.hpp>
#include <catch2/catch.hpp>

using namespace std::chrono_literals;
using braid::scrape::progress_meter;

namespace {
const braid::time_point start{1000s};
}

TEST_CASE("nothing is said about the end before anything is known") {
  progress_meter meter(start);
  CHECK(meter.rate() == 0);
  CHECK_FALSE(meter.remaining(10));
  meter.update(2, start + 1s);
  CHECK_FALSE(meter.remaining(10));
}

TEST_CASE("the remaining time follows from the rate") {
  progress_meter meter(start);
  for (int i = 1; i <= 10; ++i) meter.update(static_cast<std::uint64_t>(i) * 5, start + i * 1s);
  CHECK(meter.rate() == Approx(5));
  REQUIRE(meter.remaining(100));
  CHECK(std::chrono::duration<double>(*meter.remaining(100)).count() == Approx(20));
  CHECK(*meter.remaining(0) == 0s);
}

TEST_CASE("the rate is that of the window, the mean that of the run") {
  progress_meter meter(start, 10s);
  for (int i = 1; i <= 100; ++i) meter.update(static_cast<std::uint64_t>(i), start + i * 1s);
  for (int i = 1; i <= 20; ++i) meter.update(100 + static_cast<std::uint64_t>(i) * 10, start + 100s + i * 1s);
  CHECK(meter.rate() == Approx(10));
  CHECK(meter.mean_rate() == Approx(300.0 / 120));
}

TEST_CASE("a run that has stalled has no end in sight") {
  progress_meter meter(start, 10s);
  for (int i = 1; i <= 30; ++i) meter.update(50, start + i * 1s);
  CHECK(meter.rate() == 0);
  CHECK_FALSE(meter.remaining(1));
}

TEST_CASE("updates come as often as they like") {
  progress_meter meter(start, 6s);
  for (int i = 1; i <= 100'000; ++i) meter.update(static_cast<std::uint64_t>(i), start + i * 100us);
  CHECK(meter.rate() == Approx(10'000).epsilon(0.05));
}
