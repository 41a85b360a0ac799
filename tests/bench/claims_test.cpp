#include <bench/claims/claims_report.hpp>
#include <bench/command_line.hpp>

#include <nlohmann/json.hpp>

#include "bench_program.hpp"

using namespace braid::bench;
using namespace std::chrono_literals;
using bench_tests::has;

namespace {

/// Three runs of a second each, with so many requests of so much latency and processor time.
mode_result runs(mode_plan plan, std::uint64_t requests, std::chrono::nanoseconds latency, std::chrono::nanoseconds cpu,
                 std::uint64_t in_flight = 1) {
  mode_result out{plan, {}, std::nullopt};
  for (const std::uint64_t more : {0U, 1U, 2U}) {
    run_result run;
    run.wall = 1s;
    run.requests = requests + more * requests / 200;
    run.latency.record(static_cast<std::uint64_t>(latency.count() + static_cast<long>(more) * latency.count() / 200),
                       100);
    run.client.cpu = {cpu * run.requests, 0ns};
    run.most_in_flight = in_flight;
    out.runs.push_back(run);
  }
  return out;
}

mode_result failing(mode_plan plan, std::uint64_t failed, std::uint64_t named) {
  auto out = runs(plan, 1000, 1ms, 10us);
  out.runs[0].failed = failed;
  out.runs[0].named_failures = named;
  return out;
}

/// A machine on which the explainer is right in everything it says for, and the framework does its duty.
claim_experiments as_told() {
  claim_experiments all;
  all.waiting_sequential = runs(plan_of(mode::sequential, 1, 1), 50, 20ms, 100us);
  all.waiting_concurrent = runs(plan_of(mode::concurrent, 1, 100), 4900, 20500us, 60us, 100);
  all.waiting_parallel = runs(plan_of(mode::parallel, 4, 4), 200, 20ms, 100us, 4);
  all.computing_one = runs(plan_of(mode::concurrent, 1, 16), 1000, 16ms, 990us);
  all.computing_several = runs(plan_of(mode::parallel_concurrent, 4, 16), 3600, 4ms, 1090us);
  all.sessions = {runs(plan_of(mode::concurrent, 1, 64), 20'000, 3ms, 10us),
                  runs(plan_of(mode::concurrent, 1, 4096), 12'000, 300ms, 20us)};
  all.failing_concurrent = failing(plan_of(mode::concurrent, 1, 100), 90, 90);
  all.failing_parallel = failing(plan_of(mode::parallel_concurrent, 4, 100), 80, 80);
  all.switch_ns = {100, 110, 105};
  return all;
}

const claim& about(const std::vector<claim>& claims, const std::string& says) {
  for (const auto& one : claims) {
    if (has(one.says, says)) return one;
  }
  FAIL("no claim: " + says);
  return claims.front();
}

}  // namespace

TEST_CASE("every claim of the explainer is judged and has a figure") {
  const auto claims = judge_claims(as_told(), 4);
  REQUIRE(claims.size() == 15);
  for (const auto& one : claims) {
    INFO(one.says);
    CHECK_FALSE(one.figure.empty());
  }
  const auto verdict = [&](const std::string& says) { return about(claims, says).verdict; };
  CHECK(verdict("more tasks finished") == claim_verdict::holds);
  CHECK(verdict("better use") == claim_verdict::holds);
  CHECK(verdict("shorter response") == claim_verdict::partly);  // the whole is done sooner, a single request is not
  CHECK(verdict("errors are harder") == claim_verdict::fails);  // they have names
  CHECK(verdict("switching costs") == claim_verdict::fails);
  CHECK(verdict("too many sessions") == claim_verdict::holds);
  CHECK(verdict("finish faster") == claim_verdict::holds);
  CHECK(verdict("larger problems") == claim_verdict::holds);
  CHECK(verdict("lower cost") == claim_verdict::partly);
  CHECK(verdict("several computing") == claim_verdict::holds);
  CHECK(verdict("more power") == claim_verdict::holds);
  CHECK(verdict("harder to debug") == claim_verdict::fails);
  CHECK(verdict("concurrency without parallelism") == claim_verdict::holds);
  CHECK(verdict("implies concurrency") == claim_verdict::holds);
}

TEST_CASE("a claim that is not so here is told not to hold") {
  auto all = as_told();
  all.waiting_concurrent = runs(plan_of(mode::concurrent, 1, 100), 40, 30ms, 100us);
  all.computing_several = runs(plan_of(mode::parallel_concurrent, 4, 16), 800, 20ms, 1000us);
  all.failing_concurrent = failing(plan_of(mode::concurrent, 1, 100), 90, 89);
  std::swap(all.sessions[0].runs, all.sessions[1].runs);
  const auto claims = judge_claims(all, 4);
  CHECK(about(claims, "more tasks finished").verdict == claim_verdict::fails);
  CHECK(about(claims, "shorter response").verdict == claim_verdict::fails);
  CHECK(about(claims, "finish faster").verdict == claim_verdict::fails);
  CHECK(about(claims, "errors are harder").verdict == claim_verdict::holds);
  CHECK(about(claims, "too many sessions").verdict == claim_verdict::fails);
}

TEST_CASE("a difference that may be chance shows nothing") {
  auto all = as_told();
  all.waiting_concurrent = all.waiting_sequential;
  all.failing_parallel = failing(plan_of(mode::parallel_concurrent, 4, 100), 0, 0);
  const auto claims = judge_claims(all, 4);
  CHECK(about(claims, "more tasks finished").verdict == claim_verdict::not_shown);
  CHECK(about(claims, "harder to debug").verdict == claim_verdict::not_shown);
}

TEST_CASE("one core shows nothing of parallelism") {
  const auto claims = judge_claims(as_told(), 1);
  CHECK(about(claims, "finish faster").verdict == claim_verdict::not_shown);
  CHECK(about(claims, "more power").verdict == claim_verdict::not_shown);
  CHECK(about(claims, "more tasks finished").verdict == claim_verdict::holds);
}

TEST_CASE("claims takes its options") {
  const auto parse = [](std::vector<const char*> words) {
    words.insert(words.begin(), {"braid-bench", "claims"});
    return parse_command_line(static_cast<int>(words.size()), words.data());
  };
  const auto parsed = parse({"--contexts", "1", "-d", "2s", "--repeat", "4"});
  const auto& o = std::get<claims_options>(parsed);
  CHECK(o.contexts == 2);  // fewer would be no parallelism
  CHECK(o.run_for == 2s);
  CHECK(o.repeat == 4);
  CHECK(std::get<early_exit>(parse({"-d", "0"})).code == 2);
  CHECK(std::get<early_exit>(parse({"--sessions", "3"})).code == 2);
}

TEST_CASE("claims measures and tells each claim") {
  const auto result = bench_tests::run("claims -d 100ms --repeat 2 --sessions 300 --json - --progress none", false);
  CHECK(result.code == 0);
  const auto report = nlohmann::json::parse(result.out);
  REQUIRE(report["claims"].size() == 15);
  CHECK(report["experiments"]["waiting_sequential"]["max_in_flight"] == 1);
  CHECK(report["experiments"]["waiting_concurrent"]["max_in_flight"].get<int>() > 1);
  CHECK(report["experiments"]["failing_concurrent"]["failed"].get<int>() > 0);
  CHECK(report["experiments"]["sessions"].size() == 4);
  for (const auto& one : report["claims"]) {
    // Each failure has its name, however many fail at once.
    if (one["says"] == "errors are harder to find") CHECK(one["verdict"] == "does not hold");
    CHECK_FALSE(one["figure"].get<std::string>().empty());
  }
}
