#include "load_command.hpp"

#include <iostream>
#include <nlohmann/json.hpp>

#include "bench/common/interrupt.hpp"
#include "bench/common/json_output.hpp"
#include "bench/common/trace.hpp"
#include "load_report.hpp"
#include "load_run.hpp"

namespace braid::bench {
namespace {

int exit_code(const load_report& report, const std::vector<load_check>& checks) {
  if (report.interrupted) return 130;
  if (report.succeeded() == 0) return 3;
  if (report.succeeded() < report.requests()) return 1;
  return supported(checks) ? 0 : 4;
}

std::vector<named_timeline> timelines_of(const load_report& report) {
  std::vector<named_timeline> out;
  for (const auto& run : report.runs) {
    if (run.timeline) out.push_back({"load", *run.timeline});
  }
  return out;
}

}  // namespace

int run_load_command(const load_options& options) {
  json_output json(options.json_file, options.report_file);
  json_output trace(options.trace_file);
  const load_job job(options);
  const auto& interrupted = note_interrupts();
  load_report report;
  report.started_at = now_as_text();
  report.where = this_environment();
  report.protocol = probe(options, job);
  for (unsigned i = 1; i <= options.repeat && !interrupted; ++i) {
    const bool recorded = i == 1 && !options.trace_file.empty();
    const auto label = "repetition " + std::to_string(i) + "/" + std::to_string(options.repeat);
    report.runs.push_back(run_load(options, job, label, recorded, interrupted));
  }
  report.interrupted = interrupted;

  // Data goes to stdout: the table, or the JSON where that was asked for.
  const auto checks = check_load(report, options);
  (json.is_stdout() ? std::cerr : std::cout) << render(report, options, checks) << std::flush;
  json.write(to_json(report, options, checks));
  if (!options.trace_file.empty()) {
    trace.write(trace_of(timelines_of(report)));
  }
  return exit_code(report, checks);
}

}  // namespace braid::bench
