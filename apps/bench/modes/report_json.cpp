#include <algorithm>
#include <braid/measure/json.hpp>

#include "bench/common/trace.hpp"
#include "checks.hpp"
#include "report.hpp"

namespace braid::bench {
namespace {

using nlohmann::json;

constexpr std::size_t shown_spans = 3000;  // of a lane of the timeline

/// The value, or null.
template <class T>
json optional(const std::optional<T>& value) {
  return value ? json(*value) : json(nullptr);
}

json optional_seconds(const std::optional<std::chrono::nanoseconds>& value) {
  return value ? json(measure::seconds(*value)) : json(nullptr);
}

json optional_cpu(const std::optional<measure::cpu_time>& value) {
  return value ? measure::to_json(*value) : json(nullptr);
}

json json_of(const modes_options& options, const modes_report& report) {
  return {{"requests", optional(options.requests)},
          {"duration_s", optional_seconds(options.run_for)},
          {"sequential_requests", optional(options.sequential_requests)},
          {"concurrency", options.concurrency},
          {"contexts", options.contexts},
          {"pin", options.pin},
          {"latency_s", report.origin_is_ours ? json(measure::seconds(options.latency)) : json(nullptr)},
          {"page_bytes", report.origin_is_ours ? json(options.page_bytes) : json(nullptr)},
          {"pages", options.pages},
          {"parse", options.parse},
          {"engine", options.engine},
          {"repeat", options.repeat},
          {"warm_up_s", measure::seconds(options.warm_up)}};
}

json json_of(const run_result& run) {
  return {{"wall_s", measure::seconds(run.wall)},
          {"requests", run.requests},
          {"failed", run.failed},
          {"bytes", run.bytes},
          {"records", run.records},
          {"throughput", run.throughput()},
          {"latency", measure::latency_to_json(run.latency)},
          {"latency_histogram", measure::to_json(run.latency)},
          {"client_cpu", measure::to_json(run.client.cpu)},
          {"client_cpu_per_request_s", run.client_cpu_per_request()},
          {"context_switches",
           {{"voluntary", run.client.voluntary_switches}, {"involuntary", run.client.involuntary_switches}}},
          {"origin_cpu", optional_cpu(run.origin_cpu)},
          {"others_cpu_s", optional_seconds(run.others_cpu)},
          {"max_in_flight", optional(run.most_in_flight)},
          {"failures", run.failures},
          {"interrupted", run.interrupted}};
}

json json_of(const mode_result& mode, const mode_result* sequential) {
  const auto latency = mode.latency();
  json out{{"mode", to_string(mode.plan.kind)},
           {"arrangement", mode.plan.describe()},
           {"contexts", mode.plan.contexts},
           {"threads", mode.plan.threads},
           {"tasks", mode.plan.tasks},
           {"requests", mode.requests()},
           {"failed", mode.failed()},
           {"interrupted", mode.interrupted()},
           {"bytes", mode.bytes()},
           {"throughput", measure::to_json(mode.throughput())},
           {"wall_s", measure::to_json(mode.wall_seconds())},
           {"extrapolated_to_requests", optional(mode.extrapolated_to)},
           {"latency", measure::latency_to_json(latency)},
           {"latency_histogram", measure::to_json(latency)},
           {"client_cpu", measure::to_json(mode.client_cpu())},
           {"client_cpu_per_request_s", mode.client_cpu_per_request()},
           {"client_cores", client_cores(mode)},
           {"origin_cpu", optional_cpu(mode.origin_cpu())},
           {"origin_cores", mode.origin_cpu() ? json(origin_cores(mode)) : json(nullptr)},
           {"others_cores", mode.others_cores()},
           {"max_in_flight", optional(mode.most_in_flight())}};
  const auto parse = mode.parse();
  out["parse"] = parse.empty() ? json(nullptr) : measure::latency_to_json(parse);
  const bool comparable = sequential != nullptr && sequential->throughput().mean > 0;
  out["ratio_to_sequential"] =
      comparable ? json(mode.throughput().mean / sequential->throughput().mean) : json(nullptr);
  const auto bounds = comparable ? throughput_ratio(*sequential, mode) : std::nullopt;
  out["ratio_ci95"] = bounds ? json{bounds->low, bounds->high} : json(nullptr);
  const auto recorded = std::find_if(mode.runs.begin(), mode.runs.end(), [](const auto& run) { return run.timeline; });
  out["timeline"] = recorded == mode.runs.end() ? json(nullptr) : to_json(*recorded->timeline, shown_spans);
  out["runs"] = json::array();
  for (const auto& run : mode.runs) {
    out["runs"].push_back(json_of(run));
  }
  return out;
}

json json_of(const std::optional<concurrency_check>& check) {
  if (!check) {
    return nullptr;
  }
  return {{"ideal_wait_s", check->ideal_wait_s},
          {"sequential_cpu_s", check->sequential_cpu_s},
          {"measured_s", check->measured_s},
          {"bound_s", check->bound_s},
          {"holds", check->holds}};
}

json json_of(const std::optional<scaling>& found) {
  if (!found) {
    return nullptr;
  }
  return {{"ratio", found->ratio},
          {"client_cores", found->client_cores},
          {"origin_cores", found->origin_cores},
          {"client_cores_with_one_context", found->base_client_cores},
          {"ratio_allowed_by_cpu_time", found->allowed_ratio},
          {"waits", found->waits}};
}

}  // namespace

json to_json(const modes_report& report, const modes_options& options) {
  json out{{"program", "braid-bench"},
           {"command", "modes"},
           {"version", BRAID_VERSION},
           {"started_at", report.started_at},
           {"environment", to_json(report.where)},
           {"origin", {{"description", report.origin}, {"own_process", report.origin_is_ours}}},
           {"options", json_of(options, report)},
           {"interrupted", report.interrupted}};
  out["modes"] = json::array();
  for (const auto& mode : report.modes) {
    if (!mode.runs.empty()) {
      out["modes"].push_back(json_of(mode, report.find(mode::sequential)));
    }
  }
  out["checks"] = {{"concurrency", json_of(check_concurrency(report, options))},
                   {"parallel_to_sequential", json_of(scaling_of(report, options, mode::parallel, mode::sequential))},
                   {"parallel_concurrent_to_concurrent",
                    json_of(scaling_of(report, options, mode::parallel_concurrent, mode::concurrent))}};
  out["reading"] = reading(report, options);
  return out;
}

}  // namespace braid::bench
