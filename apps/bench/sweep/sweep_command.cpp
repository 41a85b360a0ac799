#include "sweep_command.hpp"

#include <iostream>
#include <nlohmann/json.hpp>

#include "bench/common/interrupt.hpp"
#include "bench/common/json_output.hpp"
#include "bench/run/measure_mode.hpp"
#include "sweep_report.hpp"

namespace braid::bench {
namespace {

/// The grid as often as it is repeated, all of it each time: what changes slowly on the machine then meets all cells.
void run_grid(sweep_report& report, const sweep_options& options, const std::atomic<bool>& interrupted) {
  // Compiled once, before anything is measured.
  std::optional<page_parser> parser;
  if (options.cell.parse) {
    parser.emplace(options.cell.engine);
  }
  for (const auto& plan : options.plans()) {
    report.cells.push_back({plan, {}, std::nullopt});
  }
  for (unsigned round = 1; round <= options.cell.repeat; ++round) {
    for (auto& cell : report.cells) {
      if (interrupted) {
        return;
      }
      const auto label = "round " + std::to_string(round) + "/" + std::to_string(options.cell.repeat) + ", " +
                         std::to_string(cell.plan.contexts) + " x " + std::to_string(cell.plan.tasks);
      cell.runs.push_back(measure_mode(cell.plan, options.cell, label, parser, interrupted));
    }
  }
}

int exit_code(const sweep_report& report) {
  std::uint64_t requests = 0;
  std::uint64_t failed = 0;
  for (const auto& cell : report.cells) {
    if (!cell.runs.empty()) {
      requests += cell.requests();
      failed += cell.failed();
    }
  }
  if (report.interrupted) return 130;
  if (requests == failed) return 3;
  if (failed > 0) return 1;
  return objections(report).empty() ? 0 : 4;
}

}  // namespace

int run_sweep(const sweep_options& options) {
  json_output json(options.cell.json_file, options.cell.report_file);
  const auto& interrupted = note_interrupts();
  sweep_report report;
  report.started_at = now_as_text();
  report.where = this_environment();
  report.origin = describe_origin(options.cell);
  report.origin_is_ours = options.cell.target.empty();
  run_grid(report, options, interrupted);
  report.interrupted = interrupted;

  // Data goes to stdout: the table, or the JSON where that was asked for.
  (json.is_stdout() ? std::cerr : std::cout) << render(report, options) << std::flush;
  json.write(to_json(report, options));
  return exit_code(report);
}

}  // namespace braid::bench
