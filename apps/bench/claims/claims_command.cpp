#include "claims_command.hpp"

#include <iostream>
#include <nlohmann/json.hpp>

#include "bench/common/interrupt.hpp"
#include "bench/common/json_output.hpp"
#include "bench/run/measure_mode.hpp"
#include "claims_report.hpp"
#include "switch_cost.hpp"

namespace braid::bench {
namespace {

using namespace std::chrono_literals;

/// An arrangement, what it is run against, and where its runs go.
struct experiment {
  std::string name;
  modes_options against;
  mode_result* result;
};

modes_options against(const claims_options& options, std::chrono::nanoseconds latency, std::uint64_t page_bytes) {
  modes_options out;
  out.run_for = options.run_for;
  out.latency = latency;
  out.page_bytes = page_bytes;
  out.origin_program = options.origin_program;
  out.progress = options.progress;
  return out;
}

std::vector<experiment> arrange(claim_experiments& all, const claims_options& o) {
  constexpr unsigned many = 100;
  constexpr unsigned parsing = 16;
  const auto waiting = against(o, 20ms, 8 * 1024);
  auto computing = against(o, 0ns, 64 * 1024);
  computing.parse = true;
  const auto brief = against(o, 5ms, 1024);
  auto failing = against(o, 1ms, 1024);
  failing.fault = "reset:0.1";

  all.waiting_sequential.plan = plan_of(mode::sequential, 1, 1);
  all.waiting_concurrent.plan = plan_of(mode::concurrent, 1, many);
  all.waiting_parallel.plan = plan_of(mode::parallel, o.contexts, o.contexts);
  all.computing_one.plan = plan_of(mode::concurrent, 1, parsing);
  all.computing_several.plan = plan_of(mode::parallel_concurrent, o.contexts, std::max(parsing, o.contexts));
  all.failing_concurrent.plan = plan_of(mode::concurrent, 1, many);
  all.failing_parallel.plan = plan_of(mode::parallel_concurrent, o.contexts, std::max(many, o.contexts));
  for (const unsigned sessions : {16U, 64U, 256U}) {
    if (sessions < o.sessions) {
      all.sessions.push_back({plan_of(mode::concurrent, 1, sessions), {}, std::nullopt});
    }
  }
  all.sessions.push_back({plan_of(mode::concurrent, 1, o.sessions), {}, std::nullopt});

  std::vector<experiment> out{{"one after another", waiting, &all.waiting_sequential},
                              {"many on one context", waiting, &all.waiting_concurrent},
                              {"one on each context", waiting, &all.waiting_parallel},
                              {"parsing, one context", computing, &all.computing_one},
                              {"parsing, several", computing, &all.computing_several},
                              {"failing, one context", failing, &all.failing_concurrent},
                              {"failing, several", failing, &all.failing_parallel}};
  for (auto& mode : all.sessions) {
    out.push_back({std::to_string(mode.plan.tasks) + " sessions", brief, &mode});
  }
  return out;
}

void run_all(claim_experiments& all, const claims_options& options, const std::atomic<bool>& interrupted) {
  // Compiled once, before anything is measured.
  std::optional<page_parser> parser(std::in_place, modes_options().engine);
  const std::optional<page_parser> none;
  const auto experiments = arrange(all, options);
  for (unsigned round = 0; round < options.repeat; ++round) {
    for (const auto& one : experiments) {
      if (interrupted) {
        return;
      }
      one.result->runs.push_back(
          measure_mode(one.result->plan, one.against, one.name, one.against.parse ? parser : none, interrupted));
    }
    all.switch_ns.push_back(switch_cost_ns());
  }
}

}  // namespace

int run_claims(const claims_options& options) {
  json_output json(options.json_file, options.report_file);
  const auto& interrupted = note_interrupts();
  claims_report report;
  report.started_at = now_as_text();
  report.where = this_environment();
  report.contexts = options.contexts;
  run_all(report.experiments, options, interrupted);
  report.interrupted = interrupted;
  if (interrupted && report.experiments.sessions.back().runs.empty()) {
    std::cerr << "braid-bench: interrupted before every experiment was run once\n";
    return 130;
  }
  report.claims = judge_claims(report.experiments, report.where.cores);

  // Data goes to stdout: the text, or the JSON where that was asked for.
  (json.is_stdout() ? std::cerr : std::cout) << render(report) << std::flush;
  json.write(to_json(report, options));
  if (report.interrupted) return 130;
  return report.experiments.waiting_concurrent.requests() > 0 ? 0 : 3;
}

}  // namespace braid::bench
