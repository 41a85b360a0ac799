// The HTML report, opened in a browser: what it shows is what is in its JSON, and nothing goes wrong in it.
#include <bench/claims/claims_report.hpp>
#include <bench/load/load_report.hpp>
#include <bench/modes/report.hpp>
#include <bench/report/report_page.hpp>
#include <bench/sweep/sweep_report.hpp>
#include <browser.hpp>
#include <scratch_folder.hpp>

#include <nlohmann/json.hpp>

#include "bench_program.hpp"

using namespace braid::bench;
using namespace std::chrono_literals;
using bench_tests::has;

namespace {

run_result run_of(std::uint64_t requests) {
  run_result run;
  run.wall = 1s;
  run.requests = requests;
  run.client.cpu = {100ms, 50ms};
  for (std::uint64_t i = 1; i <= 100; ++i) run.latency.record(i * 20'000, requests / 100);
  return run;
}

mode_result mode_of(mode kind, unsigned contexts, unsigned tasks, std::uint64_t requests) {
  return {plan_of(kind, contexts, tasks), {run_of(requests), run_of(requests + 10)}, std::nullopt};
}

nlohmann::json a_load() {
  load_options options;
  options.url = "http://h/</script><script>alert(1)</script>";
  options.mix = {{1, "GET", options.url, ""}};
  options.run_for = 1s;
  load_run run;
  run.wall = 1s;
  run.requests = run.succeeded = 12'300;
  run.latency.record(std::uint64_t{1'500'000}, 12'300);
  run.contexts.push_back({{500ms, 0ns}, 1s});
  load_report report;
  report.started_at = "2026-01-01T00:00:00Z";
  report.runs.assign(3, run);
  return to_json(report, options, check_load(report, options));
}

}  // namespace

TEST_CASE("a report is one page with its data and its library and nothing from elsewhere") {
  const auto page = report_page(a_load());
  CHECK(has(page, "Chart.js v"));
  CHECK_FALSE(has(page, "%DATA%"));
  CHECK_FALSE(has(page, "%SCRIPT%"));
  CHECK_FALSE(has(page, "%LIBRARY%"));
  CHECK_FALSE(has(page, " src="));
  CHECK_FALSE(has(page, "<link"));
  CHECK_FALSE(has(page, "<script>alert"));  // what stands in a URL does not become a script
}

TEST_CASE("the report of a load shows its figures in a browser") {
  if (!have_browser()) return;
  const auto shown = in_browser(report_page(a_load()));
  CHECK(shown.console == "");
  CHECK(has(shown.document, "data-drawn=\"yes\""));
  CHECK(has(shown.document, "<td>requests/s</td><td>12,300 ± 0</td>"));
  CHECK(has(shown.document, "<td>latency p99</td><td>1.5 ms</td>"));
  CHECK(has(shown.document, "<td>requests</td><td>36,900</td>"));
  CHECK(has(shown.document, "Supported by what was measured."));
  CHECK(has(shown.document, "<canvas"));
}

TEST_CASE("the reports of modes and sweep and claims open without an error on a phone's screen too") {
  if (!have_browser()) return;
  modes_report modes;
  modes.where.cores = 2;
  modes.origin_is_ours = true;
  modes.modes = {mode_of(mode::sequential, 1, 1, 100), mode_of(mode::concurrent, 1, 50, 4500)};
  braid::measure::span_log log(3);
  for (const std::uint32_t task : {0U, 1U, 1U, 1U}) {
    braid::measure::timeline_span one;
    one.begin = log.spans().size() * 1ms;
    one.end = one.begin + 1ms;
    one.task = task;
    log.add(one);
  }
  braid::measure::timeline recorded;
  recorded.phases = {"wait"};
  recorded.add_lane("context 1", log);
  modes.modes[1].runs[0].timeline = recorded;
  const auto of_modes = in_browser(report_page(to_json(modes, modes_options{})));
  CHECK(of_modes.console == "");
  CHECK(has(of_modes.document, "aria-label=\"concurrent, context 1: 2 tasks, 1 later spans not shown\""));
  CHECK(has(of_modes.document, "data-spans=\"3\""));
  CHECK(has(of_modes.document, "<td>concurrent</td><td>4,505 ± "));

  sweep_report sweep;
  sweep.where.cores = 4;
  for (const unsigned c : {1U, 2U}) {
    for (const unsigned k : {2U, 4U, 8U}) {
      sweep.cells.push_back(mode_of(mode::parallel_concurrent, c, k, 1000UL * c * k));
    }
  }
  const auto of_sweep = in_browser(report_page(to_json(sweep, sweep_options{})), "--window-size=390,844");
  CHECK(of_sweep.console == "");
  CHECK(has(of_sweep.document, ">16,005 ± "));
  CHECK(has(of_sweep.document, "PREDICTION, not measured"));

  claims_report claims;
  claims.claims = {{"concurrency", true, "switching costs", "100 ns", claim_verdict::holds}};
  const auto of_claims = in_browser(report_page(to_json(claims, claims_options{})));
  CHECK(of_claims.console == "");
  CHECK(has(of_claims.document, ">switching costs: holds</dt><dd>100 ns</dd>"));
}

TEST_CASE("an error in a page is seen on the console") {
  if (!have_browser()) return;
  const auto shown = in_browser(report_page({{"command", "nothing of ours"}}));
  CHECK(has(shown.console, "Uncaught"));
  CHECK_FALSE(has(shown.document, "data-drawn"));
}

TEST_CASE("a report that cannot be written is found before anything is measured") {
  const auto result = bench_tests::run("modes --report /nowhere/x.html", true);
  CHECK(result.code == 3);
  CHECK(has(result.out, "/nowhere/x.html"));
}

TEST_CASE("modes writes its report") {
  const scratch_folder folder;
  const auto file = folder.file("report.html");
  CHECK(bench_tests::run("modes -n 4 -c 2 --contexts 1 --latency 1ms --warm-up 0 --progress none --report " + file)
            .code == 0);
  CHECK(has(scratch_folder::text_of(file), "<!doctype html>"));
}
