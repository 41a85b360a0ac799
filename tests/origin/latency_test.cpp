#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include <braid/core/error.hpp>
#include <braid/origin/latency.hpp>

using namespace braid;
using namespace braid::origin;
using namespace std::chrono_literals;

TEST_CASE("a fixed latency is itself every time") {
  random_source random(1);
  for (const char* text : {"100ms", "0.1s", "100"}) {
    INFO(text);
    CHECK(latency_model::parse(text).sample(random) == 100ms);
  }
  CHECK(latency_model().is_zero());
  CHECK(latency_model::parse("0").is_zero());
}

TEST_CASE("a log-normal latency has the median and the spread it was given") {
  const latency_model model = latency_model::parse("lognormal:100,0.5");
  random_source random(42);
  std::vector<double> samples;
  for (int i = 0; i < 20'000; ++i)
    samples.push_back(std::chrono::duration<double, std::milli>(model.sample(random)).count());
  std::sort(samples.begin(), samples.end());
  CHECK(samples[10'000] == Approx(100).epsilon(0.03));
  CHECK(samples[16'827] == Approx(100 * std::exp(0.5)).epsilon(0.04));  // one sigma up
  CHECK(samples[19'800] == Approx(100 * std::exp(0.5 * 2.326)).epsilon(0.07));
}

TEST_CASE("a log-normal tail ends at a minute") {
  const latency_model model = latency_model::lognormal(30s, 5);
  random_source random(1);
  for (int i = 0; i < 1000; ++i) CHECK(model.sample(random) <= 60s);
}

TEST_CASE("what is no latency is refused") {
  for (const char* text : {"", "fast", "-5ms", "100m", "nan", "inf", "61s", "lognormal:100", "lognormal:,1",
                           "lognormal:100,-1", "lognormal:100,nan"}) {
    INFO(text);
    CHECK_THROWS_AS(latency_model::parse(text), invalid_argument);
  }
}

TEST_CASE("beyond its capacity an origin gets less done with more at once") {
  CHECK(under_load(100ms, 1000, 0) == 100ms);
  CHECK(under_load(100ms, 64, 64) == 100ms);
  CHECK(under_load(100ms, 256, 64) == 800ms);
  CHECK(under_load(30s, 1000, 1) == 1min);
}
