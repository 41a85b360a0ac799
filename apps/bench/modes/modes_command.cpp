#include "modes_command.hpp"

#include <iostream>
#include <nlohmann/json.hpp>
#include <optional>

#include "bench/common/interrupt.hpp"
#include "bench/common/json_output.hpp"
#include "bench/common/trace.hpp"
#include "bench/run/measure_mode.hpp"
#include "report.hpp"

namespace braid::bench {
namespace {

void run_all(modes_report& report, const modes_options& options, const std::atomic<bool>& interrupted) {
  // Compiled once, before anything is measured.
  std::optional<page_parser> parser;
  if (options.parse) {
    parser.emplace(options.engine);
  }
  for (const auto& plan : options.plans()) {
    report.modes.push_back({plan, {}, std::nullopt});
    if (const auto own = options.requests_of(plan.kind); own != options.requests) {
      report.modes.back().extrapolated_to = options.requests;
    }
  }
  modes_options unrecorded = options;
  unrecorded.record = false;
  for (unsigned round = 0; round < options.repeat; ++round) {
    for (auto& mode : report.modes) {
      if (interrupted) {
        return;
      }
      mode.runs.push_back(measure_mode(mode.plan, round == 0 ? options : unrecorded,
                                       std::string(to_string(mode.plan.kind)), parser, interrupted));
    }
  }
}

std::vector<named_timeline> timelines_of(const modes_report& report) {
  std::vector<named_timeline> out;
  for (const auto& mode : report.modes) {
    for (const auto& run : mode.runs) {
      if (run.timeline) out.push_back({std::string(to_string(mode.plan.kind)), *run.timeline});
    }
  }
  return out;
}

int exit_code(const modes_report& report) {
  std::uint64_t requests = 0;
  std::uint64_t failed = 0;
  for (const auto& mode : report.modes) {
    if (!mode.runs.empty()) {
      requests += mode.requests();
      failed += mode.failed();
    }
  }
  if (report.interrupted) return 130;
  if (requests == failed) return 3;
  return failed > 0 ? 1 : 0;
}

}  // namespace

int run_modes(const modes_options& options) {
  json_output json(options.json_file, options.report_file);
  json_output trace(options.trace_file);
  const auto& interrupted = note_interrupts();
  modes_report report;
  report.started_at = now_as_text();
  report.where = this_environment();
  report.origin = describe_origin(options);
  report.origin_is_ours = options.target.empty();
  run_all(report, options, interrupted);
  report.interrupted = interrupted;

  // Data goes to stdout: the table, or the JSON where that was asked for.
  (json.is_stdout() ? std::cerr : std::cout) << render(report, options) << std::flush;
  json.write(to_json(report, options));
  if (!options.trace_file.empty()) trace.write(trace_of(timelines_of(report)));
  return exit_code(report);
}

}  // namespace braid::bench
