#include <braid/measure/json.hpp>
#include <braid/measure/summary.hpp>

#include <catch2/catch.hpp>

#include <cmath>

using namespace braid::measure;

TEST_CASE("a summary of nothing is zero") {
  const auto s = summarize({});
  CHECK(s.count == 0);
  CHECK(s.mean == 0);
  CHECK_FALSE(s.has_interval());
}

TEST_CASE("one value has a mean and no scatter") {
  const std::vector<double> one{4.5};
  const auto s = summarize(one);
  CHECK(s.mean == 4.5);
  CHECK(s.median == 4.5);
  CHECK(s.stdev == 0);
  CHECK_FALSE(s.has_interval());
  CHECK(to_json(s)["ci95"].is_null());
}

TEST_CASE("mean, deviation, median and interval follow the textbook") {
  const std::vector<double> values{9, 2, 5, 4, 12, 7};
  const auto s = summarize(values);
  CHECK(s.mean == Approx(6.5));
  CHECK(s.median == Approx(6));
  CHECK(s.stdev == Approx(3.6193922).epsilon(1e-6));
  CHECK(s.min == 2);
  CHECK(s.max == 12);
  CHECK(s.ci95 == Approx(2.571 * 3.6193922 / std::sqrt(6)).epsilon(1e-6));
  CHECK(s.low() < s.mean);
}

TEST_CASE("the deviation of large neighbouring values is not lost to rounding") {
  const std::vector<double> values{1e12 + 1, 1e12 + 2, 1e12 + 3};
  CHECK(summarize(values).stdev == Approx(1));
}

TEST_CASE("percentiles are interpolated between neighbours") {
  const std::vector<double> sorted{10, 20, 30, 40};
  CHECK(percentile_of(sorted, 0) == 10);
  CHECK(percentile_of(sorted, 50) == Approx(25));
  CHECK(percentile_of(sorted, 100) == 40);
  CHECK(percentile_of(sorted, 500) == 40);
  CHECK(percentile_of({}, 50) == 0);
}

TEST_CASE("Student's t comes from the table and approaches the normal quantile") {
  CHECK(student_t95(1) == Approx(12.706));
  CHECK(student_t95(30) == Approx(2.042));
  CHECK(student_t95(60) == Approx(2.000).epsilon(0.001));
  CHECK(student_t95(120) == Approx(1.980).epsilon(0.001));
  CHECK(student_t95(1'000'000) == Approx(1.96).epsilon(0.001));
}
