#include <bench/modes/checks.hpp>
#include <bench/modes/report.hpp>

#include <catch2/catch.hpp>

using namespace braid::bench;
using namespace std::chrono_literals;

namespace {

run_result run(std::uint64_t requests, std::chrono::nanoseconds wall, std::chrono::nanoseconds latency,
               std::chrono::nanoseconds cpu) {
  run_result r;
  r.requests = requests;
  r.wall = wall;
  for (std::uint64_t i = 0; i < requests; ++i) {
    r.latency.record(latency);
  }
  r.client.cpu = {cpu * 3 / 4, cpu / 4};
  r.origin_cpu = braid::measure::cpu_time{cpu / 2, cpu / 2};
  return r;
}

mode_result result(mode kind, std::vector<run_result> runs) {
  return {plan_of(kind, 2, 100), std::move(runs), std::nullopt};
}

/// What the design promises: 400 requests of 100 ms, 0.04 s of processor time.
modes_report good_report() {
  modes_report report;
  report.where = {"a processor", 2, "unknown", "Linux", "g++", "release"};
  report.origin = "an origin";
  report.origin_is_ours = true;
  report.modes.push_back(result(mode::sequential, {run(400, 40'300ms, 100ms, 40ms)}));
  report.modes.push_back(result(mode::concurrent, {run(400, 450ms, 105ms, 30ms)}));
  report.modes.push_back(result(mode::parallel, {run(400, 20'200ms, 100ms, 45ms)}));
  report.modes.push_back(result(mode::parallel_concurrent, {run(400, 440ms, 104ms, 34ms)}));
  report.modes.push_back(result(mode::shared, {run(400, 460ms, 104ms, 60ms)}));
  return report;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const auto& line : lines) {
    text += line + "\n";
  }
  return text;
}

}  // namespace

TEST_CASE("concurrency holds when waiting overlaps") {
  const auto check = check_concurrency(good_report(), modes_options{});
  REQUIRE(check.has_value());
  CHECK(check->ideal_wait_s == Approx(0.4));
  CHECK(check->sequential_cpu_s == Approx(0.04));
  CHECK(check->bound_s == Approx(1.2 * 0.44));
  CHECK(check->holds);
}

TEST_CASE("concurrency does not hold when the wall time says otherwise") {
  auto report = good_report();
  report.modes[1].runs[0].wall = 600ms;
  CHECK_FALSE(check_concurrency(report, modes_options{})->holds);
  CHECK(joined(reading(report, modes_options{})).find("NO") != std::string::npos);
}

TEST_CASE("concurrency is not judged on what cannot show it") {
  auto foreign = good_report();
  foreign.origin_is_ours = false;
  CHECK_FALSE(check_concurrency(foreign, modes_options{}).has_value());

  auto failed = good_report();
  failed.modes[1].runs[0].failed = 1;
  CHECK_FALSE(check_concurrency(failed, modes_options{}).has_value());

  auto cut_short = good_report();
  cut_short.modes[0].runs[0].interrupted = true;
  CHECK_FALSE(check_concurrency(cut_short, modes_options{}).has_value());

  auto no_sequential = good_report();
  no_sequential.modes.erase(no_sequential.modes.begin());
  CHECK_FALSE(check_concurrency(no_sequential, modes_options{}).has_value());
}

TEST_CASE("the ratio of modes that were repeated has its interval") {
  auto report = good_report();
  CHECK(to_json(report, modes_options{})["modes"][1]["ratio_ci95"].is_null());
  report.modes[0] = result(mode::sequential, {run(400, 40'000ms, 100ms, 40ms), run(400, 40'400ms, 100ms, 40ms)});
  report.modes[1] = result(mode::concurrent, {run(400, 440ms, 105ms, 30ms), run(400, 450ms, 105ms, 30ms)});
  const auto modes = to_json(report, modes_options{})["modes"];
  CHECK(modes[1]["ratio_ci95"][0].get<double>() < modes[1]["ratio_to_sequential"].get<double>());
  CHECK(modes[1]["ratio_ci95"][1].get<double>() > modes[1]["ratio_to_sequential"].get<double>());
  CHECK(render(report, modes_options{}).find("90.3 × (") != std::string::npos);
}

TEST_CASE("an extrapolated mode says so in table, reading and JSON") {
  auto report = good_report();
  report.modes[0] = result(mode::sequential, {run(40, 4'030ms, 100ms, 4ms)});
  report.modes[0].extrapolated_to = 400;
  CHECK(report.modes[0].wall_seconds().mean == Approx(40.3));
  const auto text = render(report, modes_options{});
  CHECK(text.find("40.3 s *") != std::string::npos);
  CHECK(text.find("* extrapolated: sequential was measured on 40 requests") != std::string::npos);
  CHECK(to_json(report, modes_options{})["modes"][0]["extrapolated_to_requests"] == 400);
  CHECK(check_concurrency(report, modes_options{})->holds);
}

TEST_CASE("the ratio to sequential is of throughput") {
  const auto json = to_json(good_report(), modes_options{});
  CHECK(json["modes"][0]["ratio_to_sequential"] == 1.0);
  CHECK(json["modes"][1]["ratio_to_sequential"].get<double>() == Approx(40.3 / 0.45));
}

TEST_CASE("waiting work is told apart from work that more processors speed up") {
  CHECK(joined(reading(good_report(), modes_options{})).find("this work waits") != std::string::npos);

  modes_report busy = good_report();
  busy.modes.clear();
  busy.modes.push_back(result(mode::concurrent, {run(1000, 2500ms, 200ms, 2450ms)}));
  busy.modes.push_back(result(mode::parallel_concurrent, {run(1000, 1300ms, 100ms, 2500ms)}));
  modes_options no_wait;
  no_wait.latency = 0ms;
  const auto text = joined(reading(busy, no_wait));
  CHECK(text.find("parallel-concurrent gave 1.92 × the throughput of concurrent") != std::string::npos);
  CHECK(text.find("this work waits") == std::string::npos);
  CHECK(to_json(busy, modes_options{})["checks"]["parallel_concurrent_to_concurrent"]["ratio"].get<double>() ==
        Approx(2500.0 / 1300));
}

TEST_CASE("what the processor time allows takes the origin's share into account") {
  modes_report busy = good_report();
  busy.modes.clear();
  busy.modes.push_back(result(mode::concurrent, {run(1000, 2500ms, 200ms, 2000ms)}));
  busy.modes.push_back(result(mode::parallel_concurrent, {run(1000, 1300ms, 100ms, 2000ms)}));
  busy.modes[1].runs[0].origin_cpu = braid::measure::cpu_time{300ms, 200ms};
  const auto found = scaling_of(busy, modes_options{}, mode::parallel_concurrent, mode::concurrent);
  REQUIRE(found.has_value());
  CHECK(found->allowed_ratio == Approx(2 * 2000.0 / 2500));
  busy.where.cores = 8;  // the origin has a core of its own: contexts are the limit
  CHECK(scaling_of(busy, modes_options{}, mode::parallel_concurrent, mode::concurrent)->allowed_ratio == Approx(2));
}

TEST_CASE("a context that lacked a processor is not said to wait") {
  auto report = good_report();
  modes_options no_wait;
  no_wait.latency = 0ms;
  const auto waits = [&](const modes_options& options) {
    return scaling_of(report, options, mode::parallel_concurrent, mode::concurrent)->waits;
  };
  CHECK(waits(modes_options{}));
  CHECK(waits(no_wait));
  report.modes[1].runs[0].others_cpu = 800ms;
  CHECK(waits(modes_options{}));  // by the origin's latency
  CHECK_FALSE(waits(no_wait));
}

TEST_CASE("repetitions give a mean and an interval") {
  auto report = good_report();
  report.modes[1] = result(mode::concurrent, {run(400, 440ms, 100ms, 30ms), run(400, 460ms, 100ms, 30ms)});
  CHECK(render(report, modes_options{}).find(" ± ") != std::string::npos);
  const auto json = to_json(report, modes_options{})["modes"][1];
  CHECK(json["throughput"]["count"] == 2);
  CHECK(json["runs"].size() == 2);
  CHECK(json["requests"] == 800);
  CHECK(json["latency"]["count"] == 800);
  CHECK(json["client_cpu"]["total_s"].get<double>() == Approx(0.03));
}

TEST_CASE("failures are named with their number and the first message") {
  auto report = good_report();
  report.modes[1].runs[0].failed = 3;
  report.modes[1].runs[0].failures["timeout"] = 3;
  report.modes[1].runs[0].examples["timeout"] = "GET http://a/: no answer in 30 s";
  const auto text = joined(reading(report, modes_options{}));
  CHECK(text.find("FAILED in concurrent: 3 × timeout, such as: GET http://a/: no answer in 30 s") != std::string::npos);
}

TEST_CASE("a machine that was busy with other things is pointed out") {
  auto report = good_report();
  CHECK(joined(reading(report, modes_options{})).find("CAUTION") == std::string::npos);
  report.modes[1].runs[0].others_cpu = 300ms;
  CHECK(
      joined(reading(report, modes_options{})).find("CAUTION: other programs were busy on this machine (concurrent") !=
      std::string::npos);
}

TEST_CASE("modes that did not run are not shown, and an interrupt is") {
  auto report = good_report();
  report.modes[3].runs.clear();
  report.modes[4].runs.clear();
  report.interrupted = true;
  const auto json = to_json(report, modes_options{});
  CHECK(json["modes"].size() == 3);
  CHECK(json["interrupted"] == true);
  CHECK(render(report, modes_options{}).find("Interrupted") != std::string::npos);
}

TEST_CASE("the JSON has the documented fields") {
  const auto json = to_json(good_report(), modes_options{});
  for (const auto* name : {"program", "command", "version", "started_at", "environment", "origin", "options",
                           "interrupted", "modes", "checks", "reading"}) {
    INFO(name);
    CHECK(json.contains(name));
  }
  for (const auto* name : {"mode",
                           "arrangement",
                           "contexts",
                           "threads",
                           "tasks",
                           "requests",
                           "failed",
                           "interrupted",
                           "bytes",
                           "throughput",
                           "wall_s",
                           "extrapolated_to_requests",
                           "latency",
                           "latency_histogram",
                           "parse",
                           "client_cpu",
                           "client_cpu_per_request_s",
                           "client_cores",
                           "origin_cpu",
                           "origin_cores",
                           "others_cores",
                           "max_in_flight",
                           "ratio_to_sequential",
                           "runs"}) {
    INFO(name);
    CHECK(json["modes"][0].contains(name));
  }
}
