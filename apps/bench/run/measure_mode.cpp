#include "measure_mode.hpp"

#include <algorithm>
#include <braid/measure/format.hpp>

#include "origin_process.hpp"
#include "origin_stats.hpp"
#include "run.hpp"

namespace braid::bench {
namespace {

using namespace std::chrono_literals;

std::string origin_program(const modes_options& options) {
  return options.origin_program.empty() ? origin_beside_us() : options.origin_program;
}

std::vector<std::string> origin_arguments(const modes_options& options) {
  const auto milliseconds = std::chrono::duration<double, std::milli>(options.latency).count();
  std::vector<std::string> out{"--listen",
                               "127.0.0.1:0",
                               "--quiet",
                               "--page-bytes",
                               std::to_string(options.page_bytes),
                               "--latency",
                               std::to_string(milliseconds) + "ms"};
  if (!options.fault.empty()) {
    out.insert(out.end(), {"--fault", options.fault});
  }
  return out;
}

/// What is not measured: it brings code and pages into caches, and the processor to its speed. The connections are not
/// kept, as to make them is part of what an arrangement costs.
void warm_up(const mode_plan& plan, const modes_options& options, const job& what,
             const std::atomic<bool>& interrupted) {
  if (options.warm_up.count() == 0) {
    return;
  }
  modes_options brief = options;
  brief.run_for = options.warm_up;
  brief.requests.reset();
  brief.sequential_requests.reset();
  brief.progress = progress_style::none;
  brief.record = false;
  run_mode(plan, brief, what, {}, interrupted);
}

/// A search on our origin, by the address its engine has there.
std::string search_url(const std::string& origin, const std::string& engine) {
  const std::string path = engine == "duckduckgo" ? "/html/" : "/search";
  const std::string parameter = engine == "yahoo" ? "p" : "q";
  return origin + "/" + engine + path + "?" + parameter + "=benchmark+{n}";
}

}  // namespace

std::string describe_origin(const modes_options& options) {
  if (!options.target.empty()) {
    return options.target;
  }
  return measure::format_bytes(options.page_bytes) + " " + options.engine + " pages, " + std::to_string(options.pages) +
         " different ones, " + measure::format_duration(options.latency) +
         " each, from braid-origin (a process of its own, new for each mode)";
}

run_result measure_mode(const mode_plan& plan, const modes_options& options, const std::string& label,
                        const std::optional<page_parser>& parser, const std::atomic<bool>& interrupted) {
  std::optional<origin_process> origin;
  if (options.target.empty()) {
    origin.emplace(origin_program(options), origin_arguments(options));
  }
  const job what(origin ? search_url(origin->url(), options.engine) : options.target, options.pages,
                 parser ? &*parser : nullptr);
  warm_up(plan, options, what, interrupted);
  const auto origin_cpu = [&] { return origin ? measure::cpu_time_of_process(origin->pid()) : std::nullopt; };
  const auto machine_before = measure::busy_time_of_machine();
  const auto before = origin_cpu();
  auto result = run_mode(plan, options, what, label, interrupted);
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

}  // namespace braid::bench
