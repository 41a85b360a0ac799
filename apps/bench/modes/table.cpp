#include <braid/measure/format.hpp>
#include <braid/measure/json.hpp>
#include <braid/measure/table.hpp>
#include <cmath>

#include "checks.hpp"
#include "report.hpp"

namespace braid::bench {
namespace {

using namespace measure;

std::chrono::nanoseconds from_seconds(double value) { return std::chrono::nanoseconds(std::llround(value * 1e9)); }

/// "9.93" of one run, "9.93 ± 0.12" of several.
std::string mean_of(const summary& values) {
  return values.has_interval() ? format_number(values.mean) + " ± " + format_number(values.ci95)
                               : format_number(values.mean);
}

std::string wall_of(const mode_result& mode) {
  const auto wall = mode.wall_seconds();
  auto text = format_duration(from_seconds(wall.mean));
  if (wall.has_interval()) {
    text += " ± " + format_duration(from_seconds(wall.ci95));
  }
  return mode.extrapolated_to ? text + " *" : text;
}

std::string in_flight_of(const mode_result& mode) {
  const auto most = mode.most_in_flight();
  return most ? format_count(*most) : "-";
}

std::string ratio_of(const mode_result& mode, const mode_result* sequential) {
  if (sequential == nullptr || sequential->throughput().mean <= 0) {
    return "-";
  }
  auto text = format_ratio(mode.throughput().mean / sequential->throughput().mean);
  const auto bounds = &mode == sequential ? std::nullopt : throughput_ratio(*sequential, mode);
  if (bounds) {
    text += " (" + format_number(bounds->low) + " to " + format_number(bounds->high) + ")";
  }
  return text;
}

std::vector<std::string> cells(const mode_result& mode, const mode_result* sequential) {
  const auto latency = mode.latency();
  const auto at = [&](double percent) { return format_duration(latency.duration_at(percent)); };
  const auto cpu = mode.client_cpu();
  const auto origin = mode.origin_cpu();
  return {std::string(to_string(mode.plan.kind)) + (mode.interrupted() ? " (cut short)" : ""),
          format_count(mode.requests()),
          wall_of(mode),
          mean_of(mode.throughput()),
          ratio_of(mode, sequential),
          at(50),
          at(90),
          at(99),
          at(100),
          format_duration(cpu.total()),
          format_duration(from_seconds(mode.client_cpu_per_request())),
          origin ? format_duration(origin->total()) : "-",
          in_flight_of(mode)};
}

std::string heading(const modes_report& report, const modes_options& options) {
  std::string text = "GET";
  if (options.parse) {
    text += " + parse + save to nowhere";
  }
  text += ", " + report.origin;
  text += "\n" + report.where.cpu + ", " + std::to_string(report.where.cores) + " cores, " + report.where.kernel +
          ", " + report.where.build + " build\n\n";
  return text;
}

std::string arrangements(const modes_report& report) {
  std::string text;
  for (const auto& mode : report.modes) {
    if (mode.runs.empty()) {
      continue;
    }
    auto name = std::string(to_string(mode.plan.kind));
    name.resize(21, ' ');
    text += "  " + name + mode.plan.describe() + "\n";
  }
  return text + "\n";
}

}  // namespace

std::string render(const modes_report& report, const modes_options& options) {
  auto t = table::of_figures({"mode", "requests", "wall", "requests/s", "ratio", "p50", "p90", "p99", "max", "CPU",
                              "CPU/request", "origin CPU", "in flight"});
  const auto* sequential = report.find(mode::sequential);
  for (const auto& mode : report.modes) {
    if (!mode.runs.empty()) {
      t.row(cells(mode, sequential));
    }
  }
  auto text = heading(report, options) + arrangements(report) + t.str() + "\n";
  for (const auto& line : reading(report, options)) {
    text += line + "\n";
  }
  return text;
}

}  // namespace braid::bench
