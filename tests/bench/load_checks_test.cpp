#include <bench/load/load_report.hpp>

#include <nlohmann/json.hpp>

#include <catch2/catch.hpp>

using namespace braid::bench;
using namespace std::chrono_literals;

namespace {

/// A second of 20,000 requests, by one context that was busy for so much of it.
load_run run_with(std::chrono::nanoseconds on_core, std::chrono::nanoseconds kept_waiting = 0s) {
  load_run run;
  run.wall = 1s;
  run.requests = 20'000;
  run.succeeded = 20'000;
  run.last_sent = 999ms;
  run.latency.record(std::uint64_t{1'000'000}, 20'000);
  run.service.record(std::uint64_t{900'000}, 20'000);
  run.late.record(std::uint64_t{100'000}, 20'000);
  run.statuses[200] = 20'000;
  run.contexts.push_back({{on_core, kept_waiting}, 1s});
  return run;
}

load_report report_of(const load_run& run, std::size_t times = 3) {
  load_report report;
  report.runs.assign(times, run);
  return report;
}

load_options closed() {
  load_options options;
  options.url = "http://h/";
  options.mix = {{1, "GET", "http://h/", ""}};
  options.run_for = 1s;
  return options;
}

const load_check& named(const std::vector<load_check>& checks, const std::string& name) {
  for (const auto& check : checks) {
    if (check.name == name) return check;
  }
  FAIL("no check " + name);
  return checks.front();
}

}  // namespace

TEST_CASE("a generator with time to spare supports the target's figure") {
  const auto checks = check_load(report_of(run_with(500ms)), closed());
  CHECK(named(checks, "generator").holds);
  CHECK(supported(checks));
}

TEST_CASE("a generator that was busy all the time does not") {
  const auto checks = check_load(report_of(run_with(960ms)), closed());
  CHECK_FALSE(named(checks, "generator").holds);
  CHECK_FALSE(supported(checks));
}

TEST_CASE("time in which the generator was kept from its core counts as busy") {
  CHECK_FALSE(supported(check_load(report_of(run_with(500ms, 460ms)), closed())));
  CHECK(supported(check_load(report_of(run_with(500ms, 400ms)), closed())));
}

TEST_CASE("the client's own figure needs a busy generator") {
  auto options = closed();
  options.figure = figure_of::client;
  CHECK(supported(check_load(report_of(run_with(960ms)), options)));
  CHECK_FALSE(supported(check_load(report_of(run_with(500ms)), options)));
}

TEST_CASE("a rate holds when all was sent in time") {
  auto options = closed();
  options.rate = 20'000;
  auto run = run_with(500ms);
  run.unsent = 0;
  CHECK(supported(check_load(report_of(run), options)));

  run.unsent = 300;  // 1.5 %
  const auto missing = check_load(report_of(run), options);
  CHECK_FALSE(named(missing, "rate").holds);
  CHECK_THAT(named(missing, "rate").sentence, Catch::Contains("lower bounds"));

  run.unsent = 0;
  run.last_sent = 1100ms;  // all of them, but it took longer
  CHECK_FALSE(named(check_load(report_of(run), options), "rate").holds);
}

TEST_CASE("one repetition that missed its rate is enough") {
  auto options = closed();
  options.rate = 20'000;
  auto report = report_of(run_with(500ms), 5);
  report.runs[3].unsent = 5000;
  CHECK_FALSE(supported(check_load(report, options)));
}

TEST_CASE("a repetition of a moment supports nothing") {
  auto run = run_with(1ms);
  run.wall = 3ms;
  run.contexts[0].wall = 3ms;
  const auto checks = check_load(report_of(run), closed());
  CHECK_FALSE(named(checks, "length").holds);
  CHECK_FALSE(supported(checks));
}

TEST_CASE("few repetitions and few requests are a remark") {
  auto run = run_with(500ms);
  run.succeeded = 100;
  const auto checks = check_load(report_of(run, 2), closed());
  CHECK_FALSE(named(checks, "repetitions").holds);
  CHECK_FALSE(named(checks, "samples").holds);
  CHECK(supported(checks));
}

TEST_CASE("where nothing succeeded there is nothing to check") {
  auto run = run_with(500ms);
  run.succeeded = 0;
  CHECK(check_load(report_of(run), closed()).empty());
}

TEST_CASE("the report of a load tells the figures and what does not support them") {
  auto options = closed();
  options.rate = 20'000;
  auto report = report_of(run_with(960ms));
  report.protocol = "HTTP/1.1";
  report.runs[0].errors["timeout"] = 2;
  report.runs[0].examples["timeout"] = "GET http://h/: timed out";
  const auto checks = check_load(report, options);
  const auto text = render(report, options, checks);
  for (const auto* part :
       {"GET http://h/, HTTP/1.1", "open loop, 20,000 requests/s", "latency p99.9", "1.00 ms", "60,000 requests",
        "200: 60,000", "timeout: 2", "GET http://h/: timed out", "FAILS The gen", "Not supported:"}) {
    INFO(part);
    CHECK_THAT(text, Catch::Contains(part));
  }
}

TEST_CASE("the JSON of a load has each repetition with its histogram") {
  const auto report = report_of(run_with(500ms));
  const auto options = closed();
  const auto json = to_json(report, options, check_load(report, options));
  CHECK(json["command"] == "load");
  CHECK(json["supported"] == true);
  CHECK(json["throughput"]["mean"] == 20'000.0);
  CHECK(json["latency"]["p50_s"].get<double>() == Approx(0.001).epsilon(0.004));
  REQUIRE(json["runs"].size() == 3);
  CHECK(json["runs"][0]["latency_histogram"]["buckets"][0][1] == 20'000);
  CHECK(json["runs"][0]["contexts"][0]["busy"] == 0.5);
  CHECK(json["options"]["rate"].is_null());
}
