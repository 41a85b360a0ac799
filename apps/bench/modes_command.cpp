#include "modes_command.hpp"

#include <algorithm>
#include <braid/measure/format.hpp>
#include <iostream>
#include <optional>

#include "interrupt.hpp"
#include "json_output.hpp"
#include "origin_process.hpp"
#include "origin_stats.hpp"
#include "report.hpp"
#include "run.hpp"

namespace braid::bench {
namespace {

using namespace std::chrono_literals;

std::string origin_program(const modes_options& options) {
  return options.origin_program.empty() ? origin_beside_us() : options.origin_program;
}

std::vector<std::string> origin_arguments(const modes_options& options) {
  const auto milliseconds = std::chrono::duration<double, std::milli>(options.latency).count();
  return {"--listen",
          "127.0.0.1:0",
          "--quiet",
          "--page-bytes",
          std::to_string(options.page_bytes),
          "--latency",
          std::to_string(milliseconds) + "ms"};
}

std::string describe_origin(const modes_options& options) {
  if (!options.target.empty()) {
    return options.target;
  }
  return measure::format_bytes(options.page_bytes) + " " + options.engine + " pages, " + std::to_string(options.pages) +
         " different ones, " + measure::format_duration(options.latency) +
         " each, from braid-origin (a process of its own, new for each mode)";
}

/// A search on our origin, by the address its engine has there.
std::string search_url(const std::string& origin, const std::string& engine) {
  const std::string path = engine == "duckduckgo" ? "/html/" : "/search";
  const std::string parameter = engine == "yahoo" ? "p" : "q";
  return origin + "/" + engine + path + "?" + parameter + "=benchmark+{n}";
}

/// Runs one mode, against a new origin if it is ours: then what it counts is of this mode alone.
run_result measure_mode(const mode_plan& plan, const modes_options& options, const std::optional<page_parser>& parser,
                        const std::atomic<bool>& interrupted) {
  std::optional<origin_process> origin;
  if (options.target.empty()) {
    origin.emplace(origin_program(options), origin_arguments(options));
  }
  const job what(origin ? search_url(origin->url(), options.engine) : options.target, options.pages,
                 parser ? &*parser : nullptr);
  const auto origin_cpu = [&] { return origin ? measure::cpu_time_of_process(origin->pid()) : std::nullopt; };
  const auto machine_before = measure::busy_time_of_machine();
  const auto before = origin_cpu();
  auto result = run_mode(plan, options, what, interrupted);
  if (const auto after = origin_cpu(); before && after) {
    result.origin_cpu = *after - *before;
  }
  if (const auto machine_after = measure::busy_time_of_machine(); machine_before && machine_after) {
    const auto ours = result.client.cpu.total() + (result.origin_cpu ? result.origin_cpu->total() : 0ns);
    result.others_cpu = std::max<std::chrono::nanoseconds>(*machine_after - *machine_before - ours, 0ns);
  }
  if (origin) {
    result.most_in_flight = most_in_flight(origin->url());
  }
  return result;
}

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
  for (unsigned round = 0; round < options.repeat; ++round) {
    for (auto& mode : report.modes) {
      if (interrupted) {
        return;
      }
      mode.runs.push_back(measure_mode(mode.plan, options, parser, interrupted));
    }
  }
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
  json_output json(options.json_file);
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
  return exit_code(report);
}

}  // namespace braid::bench
