#include <braid/core/error.hpp>
#include <braid/measure/histogram.hpp>
#include <braid/measure/json.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <random>

using braid::measure::histogram;

namespace {

constexpr auto most = std::numeric_limits<std::uint64_t>::max();

/// Nearest rank, on the values themselves.
std::uint64_t reference(const std::vector<std::uint64_t>& sorted, double percent) {
  const auto rank = static_cast<std::size_t>(std::ceil(percent / 100 * static_cast<double>(sorted.size()) - 1e-9));
  return sorted[std::clamp<std::size_t>(rank, 1, sorted.size()) - 1];
}

std::vector<std::uint64_t> sample(std::size_t count, unsigned seed) {
  std::mt19937_64 random(seed);
  std::lognormal_distribution<double> values(13, 2);  // around half a millisecond in nanoseconds, long tail
  std::vector<std::uint64_t> out;
  for (std::size_t i = 0; i < count; ++i) {
    out.push_back(static_cast<std::uint64_t>(values(random)));
  }
  return out;
}

}  // namespace

TEST_CASE("an empty histogram answers zero to everything") {
  const histogram h;
  CHECK(h.empty());
  CHECK(h.count() == 0);
  CHECK(h.min() == 0);
  CHECK(h.max() == 0);
  CHECK(h.mean() == 0);
  CHECK(h.percentile(50) == 0);
  CHECK(h.percentile(100) == 0);
}

TEST_CASE("values below 256 are counted exactly") {
  histogram h;
  for (std::uint64_t v = 0; v < 256; ++v) {
    h.record(v);
  }
  CHECK(h.count() == 256);
  CHECK(h.percentile(50) == 127);
  CHECK(h.percentile(100.0 / 256) == 0);
  CHECK(h.percentile(200.0 / 256) == 1);
  CHECK(h.percentile(100) == 255);
  CHECK(h.mean() == Approx(127.5));
}

TEST_CASE("buckets meet without gap or overlap and hold what is put into them") {
  std::uint64_t next = 0;
  for (std::size_t i = 0; i < histogram().buckets().size(); ++i) {
    REQUIRE(histogram::lowest_of(i) == next);
    REQUIRE(histogram::bucket_of(histogram::lowest_of(i)) == i);
    REQUIRE(histogram::bucket_of(histogram::highest_of(i)) == i);
    next = histogram::highest_of(i) + 1;
  }
  CHECK(next == 0);  // past the last bucket lies the end of uint64
}

TEST_CASE("a percentile is within 0.4 % of the same percentile of the sorted values") {
  auto values = sample(20'000, 7);
  histogram h;
  for (const auto v : values) {
    h.record(v);
  }
  std::sort(values.begin(), values.end());
  for (const double percent : {0.1, 1.0, 10.0, 25.0, 50.0, 75.0, 90.0, 99.0, 99.9, 99.99}) {
    const auto exact = static_cast<double>(reference(values, percent));
    INFO("percent " << percent);
    CHECK(std::abs(static_cast<double>(h.percentile(percent)) - exact) <= 0.004 * exact);
  }
  CHECK(h.percentile(0) == values.front());
  CHECK(h.percentile(100) == values.back());
}

TEST_CASE("the extremes of the range are kept") {
  histogram h;
  h.record(std::uint64_t{0});
  h.record(most);
  CHECK(h.min() == 0);
  CHECK(h.max() == most);
  CHECK(h.percentile(50) == 0);
  CHECK(h.percentile(51) >= most - most / 250);
  CHECK(h.percentile(100) == most);
}

TEST_CASE("a single value is every percentile") {
  histogram h;
  h.record(std::uint64_t{123'456'789});
  for (const double percent : {0.0, 1.0, 50.0, 99.9, 100.0}) {
    CHECK(h.percentile(percent) == 123'456'789);
  }
}

TEST_CASE("a negative duration counts as zero") {
  histogram h;
  h.record(std::chrono::milliseconds(-3));
  CHECK(h.max() == 0);
  h.record(std::chrono::milliseconds(3));
  CHECK(h.duration_at(100) == std::chrono::milliseconds(3));
}

TEST_CASE("merging histograms equals recording everything in one") {
  const auto values = sample(5'000, 11);
  histogram all;
  histogram first;
  histogram second;
  for (std::size_t i = 0; i < values.size(); ++i) {
    all.record(values[i]);
    (i % 3 == 0 ? first : second).record(values[i]);
  }
  first.merge(second);
  CHECK(first.count() == all.count());
  CHECK(first.buckets() == all.buckets());
  CHECK(first.min() == all.min());
  CHECK(first.max() == all.max());
  CHECK(first.mean() == Approx(all.mean()));
}

TEST_CASE("merging an empty histogram changes nothing") {
  histogram h;
  h.record(std::uint64_t{42});
  h.merge(histogram{});
  CHECK(h.count() == 1);
  CHECK(h.min() == 42);
  CHECK(h.max() == 42);
}

TEST_CASE("a cleared histogram is empty") {
  histogram h;
  h.record(std::uint64_t{42}, 1000);
  CHECK(h.count() == 1000);
  h.clear();
  CHECK(h.empty());
  CHECK(h.percentile(50) == 0);
}

TEST_CASE("a histogram comes back from its JSON whole") {
  histogram h;
  for (const auto v : sample(1'000, 3)) {
    h.record(v);
  }
  h.record(most);
  const auto back = braid::measure::histogram_from_json(nlohmann::json::parse(to_json(h).dump()));
  CHECK(back.buckets() == h.buckets());
  CHECK(back.min() == h.min());
  CHECK(back.max() == h.max());
  CHECK(back.mean() == Approx(h.mean()));
}

TEST_CASE("JSON that is no histogram is refused") {
  CHECK_THROWS_AS(braid::measure::histogram_from_json({{"min", 1}}), braid::invalid_argument);
  CHECK_THROWS_AS(braid::measure::histogram_from_json("text"), braid::invalid_argument);
}
