#include <bench/command_line.hpp>
#include <bench/sweep/sweep_report.hpp>

#include <nlohmann/json.hpp>

#include "bench_program.hpp"

using namespace braid::bench;
using namespace std::chrono_literals;
using bench_tests::has;
using steps = std::vector<unsigned>;

namespace {

command parse(std::vector<const char*> words) {
  words.insert(words.begin(), {"braid-bench", "sweep"});
  return parse_command_line(static_cast<int>(words.size()), words.data());
}

/// A cell in which `contexts` made so many requests in a second at so much processor time each.
mode_result cell(unsigned contexts, unsigned tasks, std::uint64_t requests, std::chrono::nanoseconds cpu,
                 std::chrono::nanoseconds origin = 0ns) {
  run_result run;
  run.wall = 1s;
  run.requests = requests;
  run.client.cpu = {cpu * requests, 0ns};
  run.origin_cpu = braid::measure::cpu_time{origin * requests, 0ns};
  run.others_cpu = 0ns;
  run.latency.record(std::uint64_t{1'000'000}, requests);
  mode_result out{plan_of(mode::parallel_concurrent, contexts, tasks), {run, run, run}, std::nullopt};
  out.runs[1].requests += requests / 100;
  out.runs[2].requests -= requests / 100;
  return out;
}

sweep_report report_of(std::vector<mode_result> cells, unsigned cores = 4) {
  sweep_report report;
  report.where.cores = cores;
  report.origin = "an origin";
  report.origin_is_ours = true;
  report.cells = std::move(cells);
  return report;
}

std::string all(const std::vector<std::string>& lines) {
  std::string text;
  for (const auto& line : lines) text += line + "\n";
  return text;
}

}  // namespace

TEST_CASE("steps are lists or ranges in powers of two") {
  CHECK(parse_steps("1,4,2,4") == steps{1, 2, 4});
  CHECK(parse_steps("1..64") == steps{1, 2, 4, 8, 16, 32, 64});
  CHECK(parse_steps("3..20") == steps{3, 6, 12, 20});
  CHECK(parse_steps("5") == steps{5});
  for (const auto* wrong : {"", "0", "1,,2", "a", "4..2", "1..", "1,2,", "100001", "-1"}) {
    INFO(wrong);
    CHECK(parse_steps(wrong).empty());
  }
  CHECK(powers_up_to(1) == steps{1});
  CHECK(powers_up_to(6) == steps{1, 2, 4, 6});
}

TEST_CASE("sweep without options takes the cores and powers of two") {
  const auto parsed = parse({});
  const auto& o = std::get<sweep_options>(parsed);
  CHECK(o.contexts == powers_up_to(usable_cores()));
  CHECK(o.concurrency == steps{1, 2, 4, 8, 16, 32, 64});
  CHECK(o.cell.repeat == 3);
  CHECK(o.cell.warm_up == 100ms);
  CHECK(o.cell.run_for == 500ms);
  CHECK(o.cell.target.empty());
}

TEST_CASE("a cell gives every context a task") {
  const auto parsed = parse({"http://h/", "--contexts", "1,4", "-c", "2,8", "-n", "10"});
  const auto& o = std::get<sweep_options>(parsed);
  CHECK(o.cell.target == "http://h/");
  CHECK_FALSE(o.cell.run_for);
  const auto plans = o.plans();
  REQUIRE(plans.size() == 3);  // 4 contexts with 2 tasks are left out
  CHECK(plans[0].contexts == 1);
  CHECK(plans[2].contexts == 4);
  CHECK(plans[2].tasks == 8);
}

TEST_CASE("sweep refuses what cannot be") {
  const std::vector<std::vector<const char*>> wrong{{"--contexts", "0"},   {"-c", "1", "--contexts", "2"},
                                                    {"-d", "0"},           {"--contexts", "2000"},
                                                    {"--latency", "2min"}, {"-n", "1", "-d", "1s"}};
  for (const auto& words : wrong) {
    INFO(words[0] << " " << words[1]);
    const auto parsed = parse(words);
    REQUIRE(std::holds_alternative<early_exit>(parsed));
    CHECK(std::get<early_exit>(parsed).code == 2);
  }
}

TEST_CASE("what limits is told by who was busy") {
  CHECK(limit_of(cell(1, 64, 10'000, 97us), 4, true, false) == limit::client_cores);
  CHECK(limit_of(cell(2, 64, 10'000, 100us, 96us), 4, true, true) == limit::target);  // its one core is busy
  CHECK(limit_of(cell(1, 64, 10'000, 20us, 20us), 4, true, true) == limit::nothing);
  CHECK(limit_of(cell(1, 64, 10'000, 20us, 20us), 4, true, false) == limit::target);
  CHECK(limit_of(cell(2, 64, 10'000, 110us, 85us), 2, true, false) == limit::machine);
  auto disturbed = cell(1, 64, 10'000, 50us, 50us);
  for (auto& run : disturbed.runs) run.others_cpu = 1s;
  CHECK(limit_of(disturbed, 2, true, false) == limit::machine);
}

TEST_CASE("laws are fitted over concurrency and over contexts") {
  // A target that waits 10 ms and bears 2,000 a second; contexts that cost each other 5 %.
  const auto report = report_of({cell(1, 1, 100, 50us), cell(1, 8, 780, 50us), cell(1, 64, 1900, 50us),
                                 cell(2, 8, 780, 52us), cell(2, 64, 1950, 52500ns), cell(4, 64, 1960, 57500ns)});
  const auto over = concurrency_laws(report);
  REQUIRE(over.size() == 3);
  CHECK(over[0].contexts == 1);
  REQUIRE(over[0].fit);
  CHECK(over[0].fit->model.lambda == Approx(100).epsilon(0.1));
  CHECK(over[0].by == limit::nothing);
  CHECK_FALSE(over[2].fit);  // one point

  const auto contexts = law_of_contexts(report);
  REQUIRE(contexts.capacity);
  CHECK(contexts.capacity->with_kappa);
  CHECK(contexts.capacity->model.lambda == Approx(20'000).epsilon(0.02));
  CHECK(contexts.capacity->model.sigma == Approx(0.05).epsilon(0.05));
  REQUIRE(contexts.throughput);
  CHECK(contexts.throughput->model.sigma > 0.8);  // the target did not let it rise
}

TEST_CASE("more contexts than cores are left out of the law over contexts") {
  const auto report = report_of({cell(1, 8, 1000, 50us), cell(2, 8, 1900, 50us), cell(4, 8, 1900, 90us)}, 2);
  const auto law = law_of_contexts(report);
  CHECK(law.left_out == steps{4});
  CHECK_FALSE(law.capacity->with_kappa);
  CHECK(has(all(reading(report)), "left out of the law"));
}

TEST_CASE("what lies beyond the cores is marked as a prediction") {
  const auto report = report_of({cell(1, 8, 1000, 50us), cell(2, 8, 1900, 52us), cell(4, 8, 3500, 55us)});
  const auto text = all(reading(report));
  CHECK(has(text, "PREDICTION, not measured"));
  CHECK(has(text, "on 32 contexts"));
  CHECK_FALSE(has(text, "Too optimistic"));
  const auto rough = all(reading(report_of({cell(1, 8, 1000, 50us), cell(2, 8, 1900, 52us)}, 2)));
  CHECK(has(rough, "Too optimistic"));
}

TEST_CASE("what spoils a sweep is objected to") {
  const auto good = report_of({cell(1, 8, 1000, 50us), cell(2, 8, 1900, 52us)});
  CHECK(objections(good).empty());
  auto disturbed = good;
  for (auto& run : disturbed.cells[0].runs) run.others_cpu = 600ms;
  CHECK(has(all(objections(disturbed)), "Other processes used up to 0.60 cores"));
  disturbed.origin_is_ours = false;  // the target may be one of them
  CHECK(objections(disturbed).empty());
  auto rough = good;
  rough.cells[0].runs[0].requests = 200;
  CHECK(has(all(objections(rough)), "scatters"));
  auto failing = good;
  failing.cells[0].runs[0].failed = 3;
  CHECK(has(all(objections(failing)), "3 requests failed"));
  auto brief = good;
  brief.cells[0].runs[0].wall = 3ms;
  CHECK(has(all(objections(brief)), "too short"));
}

TEST_CASE("sweep runs its grid and tells it in a table and in JSON") {
  const auto result = bench_tests::run(
      "sweep --contexts 1,2 -c 1,2,4 -n 20 --repeat 2 --warm-up 0 --latency 1ms --page-bytes 4K --parse --json - "
      "--progress "
      "none");
  CHECK((result.code == 0 || result.code == 4));  // 4: twenty requests are no figure, and the machine may be busy
  const auto report = nlohmann::json::parse(result.out);
  CHECK(report["command"] == "sweep");
  REQUIRE(report["cells"].size() == 5);
  for (const auto& one : report["cells"]) {
    CHECK(one["requests"] == 40);
    CHECK(one["failed"] == 0);
    CHECK(one["runs"].size() == 2);
  }
  REQUIRE(report["over_concurrency"].size() == 2);
  CHECK(report["over_concurrency"][0]["law"]["with_kappa"] == true);
  CHECK(report["supported"] == report["objections"].empty());
  const auto table =
      bench_tests::run("sweep --contexts 1 -c 1,2 -n 5 --repeat 1 --warm-up 10ms --latency 0 --progress none");
  CHECK(has(table.out, "requests/s"));
  CHECK(has(table.out, "On 1 context throughput is highest"));
}

TEST_CASE("sweep on a target that refuses is nothing done") {
  CHECK(bench_tests::run("sweep http://127.0.0.1:1/ --contexts 1 -c 1 -n 2 --repeat 1 --warm-up 0 --progress none")
            .code == 3);
}
