#include <braid/core/error.hpp>
#include <braid/measure/scalability.hpp>

#include <cmath>
#include <random>

#include <catch2/catch.hpp>

using namespace braid::measure;

namespace {

std::vector<scaling_point> exact(const scalability& law, const std::vector<double>& workers) {
  std::vector<scaling_point> out;
  for (const double n : workers) out.push_back({n, {law.throughput(n)}});
  return out;
}

/// Measured `repetitions` times with a relative error of `scatter`.
std::vector<scaling_point> noisy(const scalability& law, const std::vector<double>& workers, double scatter,
                                 int repetitions, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  const auto chance = [&] {
    double sum = -6;
    for (int i = 0; i < 12; ++i) sum += static_cast<double>(random() >> 11) / 9007199254740992.0;
    return sum;
  };
  std::vector<scaling_point> out;
  for (const double n : workers) {
    out.push_back({n, {}});
    for (int i = 0; i < repetitions; ++i) {
      out.back().throughput.push_back(law.throughput(n) * (1 + scatter * chance()));
    }
  }
  return out;
}

bool within(const bounded_figure& figure, double truth) { return figure.low <= truth && truth <= figure.high; }

const std::vector<double> powers{1, 2, 4, 8, 16, 32};

}  // namespace

TEST_CASE("the law gives one worker's throughput for one worker, and its peak and ceiling") {
  const scalability law{1000, 0.02, 0.0005};
  CHECK(law.throughput(1) == 1000);
  CHECK(law.throughput(10) == Approx(10'000 / (1 + 0.18 + 0.045)));
  CHECK(law.peak() == Approx(std::sqrt(0.98 / 0.0005)));
  CHECK(law.ceiling() == Approx(law.throughput(*law.peak())));
  CHECK(law.throughput(*law.peak() * 1.5) < law.ceiling());
  CHECK(law.throughput(*law.peak() / 1.5) < law.ceiling());
  const scalability amdahl{1000, 0.1, 0};
  CHECK_FALSE(amdahl.peak());
  CHECK(amdahl.ceiling() == Approx(10'000));
  CHECK_FALSE(scalability{1000, 0, 0}.ceiling());
}

TEST_CASE("exact data give the law they were made of") {
  for (const scalability law : {scalability{995.6, 0.02671, 0.000769}, scalability{3e6, 0.3, 0.01},
                                scalability{0.05, 0.001, 1e-6}, scalability{1000, 0.5, 0.1}}) {
    const auto fit = fit_scalability(exact(law, powers));
    REQUIRE(fit);
    CHECK(fit->model.lambda == Approx(law.lambda).epsilon(1e-6));
    CHECK(fit->model.sigma == Approx(law.sigma).epsilon(1e-4));
    CHECK(fit->model.kappa == Approx(law.kappa).epsilon(1e-4));
    CHECK(fit->r_squared == Approx(1));
    CHECK(fit->with_kappa);
    CHECK(fit->predict(64).value == Approx(law.throughput(64)).epsilon(1e-4));
    CHECK(fit->predict(64).high - fit->predict(64).low < 1e-3 * law.throughput(64));
  }
}

TEST_CASE("perfect scaling has neither contention nor coherency and no ceiling") {
  const auto fit = fit_scalability(exact({500, 0, 0}, powers));
  REQUIRE(fit);
  CHECK(fit->model.sigma == Approx(0).margin(1e-9));
  CHECK(fit->model.kappa == Approx(0).margin(1e-9));
}

TEST_CASE("more than perfect scaling is fitted with nothing below zero") {
  const auto fit = fit_scalability(std::vector<scaling_point>{{1, {100}}, {2, {230}}, {4, {500}}});
  REQUIRE(fit);
  CHECK(fit->model.sigma >= 0);
  CHECK(fit->model.kappa >= 0);
  CHECK(fit->sigma.low >= 0);
}

TEST_CASE("two numbers of workers give contention alone, and one gives nothing") {
  const auto fit = fit_scalability(std::vector<scaling_point>{{1, {100, 101}}, {2, {181, 180}}});
  REQUIRE(fit);
  CHECK_FALSE(fit->with_kappa);
  CHECK(fit->model.kappa == 0);
  CHECK(fit->model.sigma == Approx(0.1135).epsilon(0.01));
  CHECK_FALSE(fit_scalability(std::vector<scaling_point>{{2, {100, 101}}}));
  CHECK_FALSE(fit_scalability({}));
}

TEST_CASE("the bounds hold the truth in most tries and close in with less noise") {
  const scalability law{1000, 0.05, 0.002};
  int sigma = 0;
  int predicted = 0;
  constexpr int tries = 40;
  for (std::uint64_t i = 0; i < tries; ++i) {
    const auto fit = fit_scalability(noisy(law, powers, 0.03, 5, i));
    REQUIRE(fit);
    sigma += within(fit->sigma, law.sigma) ? 1 : 0;
    predicted += within(fit->predict(64), law.throughput(64)) ? 1 : 0;
  }
  CHECK(sigma >= tries * 0.8);  // 95 % of them; five repetitions make a bootstrap a little too sure
  CHECK(predicted >= tries * 0.8);
  const auto rough = fit_scalability(noisy(law, powers, 0.05, 5, 7));
  const auto fine = fit_scalability(noisy(law, powers, 0.005, 5, 7));
  CHECK(fine->predict(64).high - fine->predict(64).low < rough->predict(64).high - rough->predict(64).low);
}

TEST_CASE("single measurements have their bounds from what the law leaves unexplained") {
  const scalability law{1000, 0.05, 0.002};
  const auto fit = fit_scalability(noisy(law, powers, 0.05, 1, 3));
  REQUIRE(fit);
  CHECK(fit->lambda.low < fit->lambda.value);
  CHECK(fit->lambda.high > fit->lambda.value);
}

TEST_CASE("a fit is the same each time") {
  const auto points = noisy({1000, 0.05, 0.002}, powers, 0.05, 3, 1);
  CHECK(fit_scalability(points)->sigma.high == fit_scalability(points)->sigma.high);
}

TEST_CASE("measurements that cannot be are refused") {
  CHECK_THROWS_AS(fit_scalability(std::vector<scaling_point>{{0, {1}}, {2, {2}}}), braid::invalid_argument);
  CHECK_THROWS_AS(fit_scalability(std::vector<scaling_point>{{1, {}}, {2, {2}}}), braid::invalid_argument);
  CHECK_THROWS_AS(fit_scalability(std::vector<scaling_point>{{1, {0}}, {2, {2}}}), braid::invalid_argument);
}
