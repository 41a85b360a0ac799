#include <braid/measure/significance.hpp>

#include <cmath>
#include <random>
#include <vector>

#include <catch2/catch.hpp>

using namespace braid::measure;

namespace {

/// Deterministic normal values: std::normal_distribution differs between libraries.
class source {
 public:
  explicit source(std::uint64_t seed) : random_(seed) {}

  double normal() {
    const double u = (static_cast<double>(random_() >> 11) + 0.5) / 9007199254740992.0;
    const double v = static_cast<double>(random_() >> 11) / 9007199254740992.0;
    return std::sqrt(-2 * std::log(u)) * std::cos(6.283185307179586 * v);
  }

  std::vector<double> throughputs(std::size_t count, double mean, double scatter) {
    std::vector<double> out;
    for (std::size_t i = 0; i < count; ++i) out.push_back(mean * std::exp(scatter * normal()));
    return out;
  }

  /// A repetition: latencies around `median` ns, and the whole of it shifted by some chance of its own.
  histogram latencies(double median, double shift_scatter, int count = 400) {
    const double shift = std::exp(shift_scatter * normal());
    histogram h;
    for (int i = 0; i < count; ++i) {
      h.record(static_cast<std::uint64_t>(median * shift * std::exp(0.5 * normal())));
    }
    return h;
  }

  std::vector<histogram> repetitions(std::size_t count, double median, double shift_scatter) {
    std::vector<histogram> out;
    for (std::size_t i = 0; i < count; ++i) out.push_back(latencies(median, shift_scatter));
    return out;
  }

 private:
  std::mt19937_64 random_;
};

std::vector<double> exponentials(const std::vector<double>& values) {
  std::vector<double> out;
  for (const double value : values) out.push_back(std::exp(value));
  return out;
}

}  // namespace

TEST_CASE("Welch's test gives the values of the textbook") {
  // The example of unequal variances in the encyclopedia: t = -2.46, 25.0 degrees of freedom, p = 0.021.
  const auto a =
      exponentials({27.5, 21.0, 19.0, 23.6, 17.0, 17.9, 16.9, 20.1, 21.9, 22.6, 23.1, 19.6, 19.0, 21.7, 21.4});
  const auto b =
      exponentials({27.1, 22.0, 20.8, 23.4, 23.4, 23.5, 25.8, 22.0, 24.8, 20.2, 21.9, 22.1, 22.9, 20.5, 24.4});
  const auto found = compare_means(a, b);
  REQUIRE(found);
  CHECK(found->p == Approx(0.021).margin(0.0005));
  CHECK(std::log(found->ratio) == Approx(23.0 - 20.82).margin(0.4));
  CHECK(found->low > 1);
  // The interval reaches 1 just where p reaches 1 - confidence.
  CHECK(compare_means(a, b, 1 - found->p)->low == Approx(1).epsilon(1e-6));
}

TEST_CASE("the ratio of two means has its interval, and the other way round its inverse") {
  source from(1);
  const auto a = from.throughputs(8, 1000, 0.01);
  const auto b = from.throughputs(8, 1100, 0.01);
  const auto found = compare_means(a, b);
  REQUIRE(found);
  CHECK(found->low < 1.1);
  CHECK(found->high > 1.1);
  CHECK(found->low > 1.08);
  CHECK(found->p < 1e-6);
  const auto back = compare_means(b, a);
  CHECK(back->ratio == Approx(1 / found->ratio));
  CHECK(back->low == Approx(1 / found->high));
  CHECK(back->p == Approx(found->p));
}

TEST_CASE("means of one thing are taken for different in five of a hundred tries and no more") {
  source from(2);
  int wrong = 0;
  constexpr int tries = 2000;
  for (int i = 0; i < tries; ++i) {
    const auto found = compare_means(from.throughputs(5, 5000, 0.08), from.throughputs(5, 5000, 0.02));
    wrong += found->p < 0.05 ? 1 : 0;
  }
  CHECK(wrong < tries * 0.065);
  CHECK(wrong > tries * 0.03);
}

TEST_CASE("without scatter equal means are equal and others are not") {
  const std::vector<double> a{100, 100, 100};
  const std::vector<double> b{101, 101, 101};
  CHECK(compare_means(a, a)->p == 1);
  CHECK(compare_means(a, b)->p == 0);
  CHECK(compare_means(a, b)->ratio == Approx(1.01));
}

TEST_CASE("means that cannot be compared are not") {
  const std::vector<double> one{1};
  const std::vector<double> two{1, 2};
  const std::vector<double> zero{0, 1};
  CHECK_FALSE(compare_means(one, two));
  CHECK_FALSE(compare_means(two, zero));
  CHECK_FALSE(compare_means({}, two));
}

TEST_CASE("distributions that differ are found to, by how much") {
  source from(3);
  const auto a = from.repetitions(5, 1e6, 0.005);
  const auto b = from.repetitions(5, 1.2e6, 0.005);
  const auto found = compare_distributions(a, b);
  REQUIRE(found);
  CHECK(found->distance == Approx(0.2).margin(0.03));
  CHECK(found->p == Approx(2.0 / 252));
  CHECK(found->least_p == Approx(2.0 / 252));
}

TEST_CASE("a longer tail alone is a difference") {
  source from(4);
  std::vector<histogram> a = from.repetitions(6, 1e6, 0.005);
  std::vector<histogram> b = from.repetitions(6, 1e6, 0.005);
  for (auto& one : b) one.record(std::uint64_t{100'000'000}, 20);
  CHECK(compare_distributions(a, b)->p < 0.01);
}

TEST_CASE("distributions of one thing are taken for different in five of a hundred tries and no more") {
  // Within a repetition requests share its chance shift: a test that took each request for itself would find a
  // difference nearly always.
  source from(5);
  int wrong = 0;
  constexpr int tries = 300;
  for (int i = 0; i < tries; ++i) {
    const auto a = from.repetitions(5, 1e6, 0.05);
    const auto b = from.repetitions(5, 1e6, 0.05);
    wrong += compare_distributions(a, b)->p < 0.05 ? 1 : 0;
  }
  CHECK(wrong < tries * 0.08);
}

TEST_CASE("many repetitions are compared by random splits that are always the same") {
  source from(6);
  const auto a = from.repetitions(12, 1e6, 0.01);
  const auto b = from.repetitions(12, 1.1e6, 0.01);
  const auto same = from.repetitions(12, 1e6, 0.01);
  const auto found = compare_distributions(a, b);
  CHECK(found->p == Approx(1e-4));
  CHECK(found->least_p == Approx(1e-4));
  CHECK(compare_distributions(a, same)->p > 0.01);
  CHECK(compare_distributions(a, same)->p == compare_distributions(a, same)->p);
}

TEST_CASE("too few repetitions show in the least p they can give") {
  source from(7);
  CHECK(compare_distributions(from.repetitions(3, 1e6, 0.01), from.repetitions(3, 9e6, 0.01))->p == Approx(0.1));
  CHECK(compare_distributions(from.repetitions(1, 1e6, 0.01), from.repetitions(1, 9e6, 0.01))->least_p == 1);
  CHECK_FALSE(compare_distributions({}, from.repetitions(1, 1e6, 0.01)));
  const std::vector<histogram> empty(2);
  CHECK_FALSE(compare_distributions(empty, from.repetitions(2, 1e6, 0.01)));
}

TEST_CASE("identical distributions have no distance") {
  source from(8);
  const auto a = from.repetitions(4, 1e6, 0.01);
  const auto found = compare_distributions(a, a);
  CHECK(found->distance == 0);
  CHECK(found->p == 1);
}

TEST_CASE("of several tests the least p must bear that there are several") {
  const std::vector<double> p{0.04, 0.01, 0.03};
  CHECK_FALSE(significant(p, 0, 0.05));
  CHECK(significant(p, 1, 0.05));        // 0.01 <= 0.05 / 3
  CHECK_FALSE(significant(p, 2, 0.05));  // 0.03 > 0.05 / 2
  const std::vector<double> all{0.01, 0.02, 0.04};
  CHECK(significant(all, 0, 0.05));
  CHECK(significant(all, 1, 0.05));
  CHECK(significant(all, 2, 0.05));
  const std::vector<double> alone{0.04};
  CHECK(significant(alone, 0, 0.05));
}
