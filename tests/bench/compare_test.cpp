#include <bench/compare/compare_report.hpp>
#include <braid/core/error.hpp>
#include <braid/measure/json.hpp>
#include <scratch_folder.hpp>

#include <nlohmann/json.hpp>

#include <cmath>
#include <random>

#include "bench_program.hpp"

using namespace braid::bench;
using bench_tests::has;
using nlohmann::json;

namespace {

/// What load would have written: `repetitions` of them, each with some chance of its own of `scatter`.
json written(std::uint64_t seed, double throughput, double latency_ns, double scatter = 0.01, int repetitions = 5) {
  std::mt19937_64 random(seed);
  const auto chance = [&] {
    double sum = -6;  // of twelve uniform values: normal enough, and the same everywhere
    for (int i = 0; i < 12; ++i) sum += static_cast<double>(random() >> 11) / 9007199254740992.0;
    return sum;
  };
  json out{{"command", "load"},
           {"started_at", "2026-01-01T00:00:00Z"},
           {"supported", true},
           {"environment", {{"cpu", "a machine"}}},
           {"options",
            {{"url", "http://h/"},
             {"concurrency", 64},
             {"rate", nullptr},
             {"contexts", 1},
             {"http2", false},
             {"pin", false},
             {"duration_s", 2.0},
             {"requests", nullptr},
             {"of", "target"}}},
           {"runs", json::array()}};
  for (int i = 0; i < repetitions; ++i) {
    braid::measure::histogram latency;
    const double shift = std::exp(scatter * chance());
    for (int n = 0; n < 500; ++n) {
      latency.record(static_cast<std::uint64_t>(latency_ns * shift * std::exp(0.3 * chance())));
    }
    out["runs"].push_back({{"throughput", throughput * std::exp(scatter * chance())},
                           {"client_cpu_per_request_s", 1e-5 * std::exp(scatter * chance())},
                           {"latency_histogram", braid::measure::to_json(latency)}});
  }
  return out;
}

comparison compared(const json& a, const json& b, double least = 0.02) {
  return compare(measured_from(a, "a"), measured_from(b, "b"), least);
}

const compared_figure& named(const comparison& result, const std::string& name) {
  for (const auto& figure : result.parts.front().figures) {
    if (figure.name == name) return figure;
  }
  FAIL("no figure " + name);
  return result.parts.front().figures.front();
}

}  // namespace

TEST_CASE("two runs of one build are no difference in 19 of 20 tries") {
  int different = 0;
  constexpr int tries = 200;
  for (std::uint64_t i = 0; i < tries; ++i) {
    different += compared(written(2 * i, 1000, 1e6, 0.05), written(2 * i + 1, 1000, 1e6, 0.05)).different() ? 1 : 0;
  }
  CHECK(different <= tries / 20);
}

TEST_CASE("a build that is 10 % slower is found so each time") {
  for (std::uint64_t i = 0; i < 20; ++i) {
    const auto result = compared(written(2 * i, 1000, 1e6), written(2 * i + 1, 900, 1.1e6));
    CHECK(named(result, "throughput").what == change::lower);
    CHECK(named(result, "latency").what == change::higher);
    CHECK(named(result, "CPU per request").what == change::none);
    CHECK(result.worse());
  }
}

TEST_CASE("a difference too small to matter is none") {
  const auto a = written(1, 1000, 1e6, 0.001);
  const auto b = written(2, 1010, 1e6, 0.001);
  CHECK(named(compared(a, b, 0.005), "throughput").what == change::higher);
  CHECK(named(compared(a, b, 0.02), "throughput").what == change::none);
  CHECK_FALSE(compared(a, b, 0.005).worse());
}

TEST_CASE("the throughput of open loops is what was asked for and is not compared") {
  auto a = written(1, 1000, 1e6);
  auto b = written(2, 1000, 1e6);
  a["options"]["rate"] = b["options"]["rate"] = 1000.0;
  CHECK(compared(a, b).parts.front().figures.size() == 2);
}

TEST_CASE("too few repetitions are no verdict") {
  const auto result = compared(written(1, 1000, 1e6, 0.01, 2), written(2, 500, 2e6, 0.01, 2));
  CHECK(result.unknown());
  CHECK_FALSE(result.different());
  CHECK(has(verdict(result), "too few repetitions"));
}

TEST_CASE("runs measured unlike each other are told apart from builds that differ") {
  auto b = written(2, 1000, 1e6);
  b["options"]["concurrency"] = 32;
  const auto a = written(1, 1000, 1e6);
  const auto result = compared(a, b);
  REQUIRE(result.parts.front().unlike.size() == 1);
  CHECK(result.parts.front().unlike[0] == "concurrency: 64 and concurrency: 32");
  CHECK(has(render(result), "Measured unlike each other: concurrency"));
}

TEST_CASE("what load did not write is refused by name") {
  CHECK_THROWS_WITH(measured_from(json{{"command", "claims"}}, "x.json"), Catch::Contains("x.json"));
  CHECK_THROWS_WITH(measured_from(json::array(), "x.json"), Catch::Contains("x.json"));
  auto broken = written(1, 1, 1e6);
  broken["runs"][0]["latency_histogram"]["buckets"] = "none";
  CHECK_THROWS_AS(measured_from(broken, "x.json"), braid::invalid_argument);
  const scratch_folder folder;
  scratch_folder::put(folder.file("x"), "{");
  CHECK_THROWS_WITH(read_measured(folder.file("x")), Catch::Contains("is not JSON"));
}

TEST_CASE("compare tells the verdict and ends with a code for it") {
  const scratch_folder folder;
  const auto a = folder.file("a.json");
  const auto b = folder.file("b.json");
  const auto worse = folder.file("worse.json");
  const auto short_one = folder.file("short.json");
  scratch_folder::put(a, written(1, 1000, 1e6).dump());
  scratch_folder::put(b, written(2, 1000, 1e6).dump());
  scratch_folder::put(worse, written(3, 800, 1.3e6).dump());
  scratch_folder::put(short_one, written(4, 800, 1.3e6, 0.01, 2).dump());
  const auto run = [](const std::string& words) { return bench_tests::run("compare " + words, true); };

  const auto same = run(a + " " + b + " --fail-if-worse");
  CHECK(same.code == 0);
  CHECK(has(same.out, "No difference."));
  const auto slower = run(a + " " + worse);
  CHECK(slower.code == 0);
  CHECK(has(slower.out, "Different: throughput is lower by"));
  CHECK(has(slower.out, "latency is higher"));
  CHECK(run(a + " " + worse + " --fail-if-worse").code == 1);
  CHECK(run(worse + " " + a + " --fail-if-worse").code == 0);
  CHECK(run(a + " " + short_one).code == 4);
  CHECK(run(a).code == 2);
  CHECK(run(a + " /nowhere.json").code == 2);
  const auto as_json = bench_tests::run("compare " + a + " " + worse + " --json -");
  CHECK(json::parse(as_json.out)["worse"] == true);
  CHECK(json::parse(as_json.out)["parts"][0]["figures"][0]["change"] == "lower");
}

TEST_CASE("modes and sweeps are compared part by part") {
  // One of the modes is slower in the second file.
  const auto modes = [](std::uint64_t seed, double slow) {
    json out = written(seed, 1000, 1e6, 0.01, 0);
    out["command"] = "modes";
    out["options"] = {{"requests", 400}, {"duration_s", nullptr}, {"concurrency", 100}, {"contexts", 2},
                      {"pin", false},    {"latency_s", 0.1},      {"page_bytes", 1000}, {"parse", false}};
    for (const auto* name : {"sequential", "concurrent", "parallel-concurrent"}) {
      const double factor = std::string(name) == "concurrent" ? slow : 1;
      json mode{{"mode", name}};
      mode["runs"] = written(++seed, 1000 / factor, 1e6 * factor, 0.01, 6)["runs"];
      out["modes"].push_back(mode);
    }
    return out;
  };
  const auto same = compared(modes(10, 1), modes(20, 1));
  CHECK(same.parts.size() == 3);
  CHECK(verdict(same) == "No difference.");
  const auto slower = compared(modes(10, 1), modes(20, 1.2));
  CHECK(slower.worse());
  CHECK(slower.parts[0].figures[0].what == change::none);
  CHECK(slower.parts[1].figures[0].what == change::lower);
  CHECK(has(verdict(slower), "Different: concurrent: throughput is lower by"));
  CHECK(has(render(slower), "concurrent"));

  auto one_mode = modes(30, 1);
  one_mode["modes"].erase(0);
  const auto fewer = compared(modes(10, 1), one_mode);
  CHECK(fewer.parts.size() == 2);
  CHECK(fewer.alone == std::vector<std::string>{"a: sequential"});
  CHECK_THROWS_AS(compared(modes(10, 1), written(1, 1000, 1e6)), braid::invalid_argument);
}

TEST_CASE("more figures need more repetitions to be told apart") {
  CHECK(repetitions_needed(3) == 5);
  CHECK(repetitions_needed(15) == 6);
  CHECK(repetitions_needed(100) == 8);
}

TEST_CASE("what modes and sweep write is what compare reads") {
  const scratch_folder folder;
  const auto a = folder.file("a.json");
  const auto b = folder.file("b.json");
  REQUIRE(
      bench_tests::run(
          "modes --only sequential,concurrent -n 8 -c 4 --latency 1ms --repeat 2 --warm-up 0 --progress none --json " +
          a)
          .code == 0);
  const auto modes = bench_tests::run("compare " + a + " " + a, true);
  CHECK(modes.code == 4);
  CHECK(has(modes.out, "too few repetitions to tell (5 a side or more"));
  CHECK(has(modes.out, "sequential"));
  const auto sweep = bench_tests::run(
      "sweep --contexts 1 --concurrency 1,2,4 -n 20 --latency 1ms --repeat 2 --warm-up 0 --progress none --json " + b,
      true);
  INFO(sweep.out);
  REQUIRE(scratch_folder::text_of(b) != "");
  CHECK(has(bench_tests::run("compare " + b + " " + b, true).out, "1 context, 2 tasks"));
}
