#include <braid/measure/format.hpp>
#include <braid/measure/table.hpp>
#include <cmath>

#include "load_report.hpp"

namespace braid::bench {
namespace {

using namespace measure;

std::chrono::nanoseconds from_seconds(double value) { return std::chrono::nanoseconds(std::llround(value * 1e9)); }

std::string plus_minus(const summary& values) { return values.has_interval() ? "± " + format_number(values.ci95) : ""; }

std::string plus_minus_time(const summary& values) {
  return values.has_interval() ? "± " + format_duration(from_seconds(values.ci95)) : "";
}

std::string plural(std::uint64_t count, const std::string& what) {
  return format_count(count) + " " + what + (count == 1 ? "" : "s");
}

std::string heading(const load_report& report, const load_options& options) {
  std::string text = options.mix.size() == 1
                         ? options.mix.front().method + " " + options.mix.front().url
                         : "a mix of " + plural(options.mix.size(), "request") + " for " + options.url;
  text += ", " + report.protocol + "\n";
  text += options.rate ? "open loop, " + format_number(*options.rate) + " requests/s, at most " : "closed loop, ";
  text += std::to_string(options.connections) + " in flight, " + plural(options.contexts, "context") + ", ";
  text += plural(report.runs.size(), "repetition") + " of ";
  text += options.requests ? plural(*options.requests, "request") : format_duration(*options.run_for);
  text += "\n" + report.where.cpu + ", " + plural(report.where.cores, "core") + ", " + report.where.kernel + ", " +
          report.where.build + " build\n\n";
  return text;
}

template <class Key>
std::string counts(const std::map<Key, std::uint64_t>& all) {
  std::string text;
  for (const auto& [key, count] : all) {
    text += text.empty() ? "" : ", ";
    if constexpr (std::is_same_v<Key, int>) {
      text += std::to_string(key);
    } else {
      text += key;
    }
    text += ": " + format_count(count);
  }
  return text.empty() ? "none" : text;
}

/// The first message of each kind of error.
std::string examples(const load_report& report) {
  std::map<std::string, std::string> first;
  for (const auto& run : report.runs) {
    first.insert(run.examples.begin(), run.examples.end());
  }
  std::string text;
  for (const auto& [code, message] : first) {
    text += "  " + code + ": " + message + "\n";
  }
  return text;
}

std::string figures(const load_report& report, const load_options& options) {
  auto t = table::of_figures({"", "mean", "95 % of means", "worst repetition"});
  const auto throughput = report.throughput();
  t.row({"requests/s", format_number(throughput.mean), plus_minus(throughput), format_number(throughput.min)});
  const std::pair<const char*, double> percentiles[]{
      {"latency p50", 50}, {"latency p90", 90}, {"latency p99", 99}, {"latency p99.9", 99.9}, {"latency max", 100}};
  for (const auto& [name, percent] : percentiles) {
    const auto at = report.latency_at(percent);
    t.row({name, format_duration(from_seconds(at.mean)), plus_minus_time(at), format_duration(from_seconds(at.max))});
  }
  const auto cpu = report.cpu_per_request();
  t.row({"CPU/request", format_duration(from_seconds(cpu.mean)), plus_minus_time(cpu),
         format_duration(from_seconds(cpu.max))});
  auto text = t.str() + "\n";
  if (options.rate) {
    const auto service = report.service();
    text += "Without the wait for their turn (what a closed loop would show): p50 " +
            format_duration(service.duration_at(50)) + ", p99 " + format_duration(service.duration_at(99)) + ", max " +
            format_duration(service.duration_at(100)) + "\n";
  }
  return text;
}

}  // namespace

std::string render(const load_report& report, const load_options& options, const std::vector<load_check>& checks) {
  auto text = heading(report, options);
  text += report.succeeded() > 0 ? figures(report, options) : "Not one request succeeded.\n";
  text += format_count(report.requests()) + " requests, " + format_bytes(report.bytes()) + " of bodies\n";
  text += "Statuses: " + counts(report.statuses()) + "\n";
  text += "Errors: " + counts(report.errors()) + "\n" + examples(report);
  for (const auto& check : checks) {
    text += (check.holds ? "  ok    " : check.serious ? "  FAILS " : "  note  ") + check.sentence + "\n";
  }
  if (!supported(checks)) {
    text += "Not supported: the figures above are not what they look like, see the checks that fail.\n";
  }
  if (report.interrupted) {
    text += "Interrupted: what is shown was measured until then.\n";
  }
  return text;
}

}  // namespace braid::bench
