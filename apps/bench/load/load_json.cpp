#include <braid/measure/json.hpp>
#include <nlohmann/json.hpp>

#include "load_report.hpp"

namespace braid::bench {
namespace {

using measure::seconds;
using nlohmann::json;

template <class T>
json optional(const std::optional<T>& value) {
  return value ? json(*value) : json(nullptr);
}

json optional_seconds(const std::optional<std::chrono::nanoseconds>& value) {
  return value ? json(seconds(*value)) : json(nullptr);
}

json by_status(const std::map<int, std::uint64_t>& counts) {
  auto out = json::object();
  for (const auto& [status, count] : counts) {
    out[std::to_string(status)] = count;
  }
  return out;
}

json json_of(const load_options& options) {
  auto mix = json::array();
  for (const auto& entry : options.mix) {
    mix.push_back(
        {{"weight", entry.weight}, {"method", entry.method}, {"url", entry.url}, {"body_bytes", entry.body.size()}});
  }
  return {{"url", options.url},
          {"mix", std::move(mix)},
          {"concurrency", options.connections},
          {"rate", optional(options.rate)},
          {"duration_s", optional_seconds(options.run_for)},
          {"requests", optional(options.requests)},
          {"warm_up_s", seconds(options.warm_up)},
          {"timeout_s", seconds(options.timeout)},
          {"repeat", options.repeat},
          {"contexts", options.contexts},
          {"pin", options.pin},
          {"http2", options.http2},
          {"streams", options.streams},
          {"of", options.figure == figure_of::client ? "client" : "target"}};
}

json json_of(const context_use& use) {
  return {{"on_core_s", seconds(use.used.on_core)},
          {"kept_waiting_s", seconds(use.used.kept_waiting)},
          {"busy", use.busy()}};
}

json json_of(const load_run& run) {
  json out{{"wall_s", seconds(run.wall)},
           {"requests", run.requests},
           {"succeeded", run.succeeded},
           {"unsent", optional(run.unsent)},
           {"bytes", run.bytes},
           {"throughput", run.throughput()},
           {"latency", measure::latency_to_json(run.latency)},
           {"latency_histogram", measure::to_json(run.latency)},
           {"late", measure::latency_to_json(run.late)},
           {"statuses", by_status(run.statuses)},
           {"errors", run.errors},
           {"client_cpu", measure::to_json(run.client.cpu)},
           {"client_cpu_per_request_s", run.cpu_per_request()},
           {"others_cpu_s", optional_seconds(run.others_cpu)},
           {"interrupted", run.interrupted}};
  out["contexts"] = json::array();
  for (const auto& use : run.contexts) {
    out["contexts"].push_back(json_of(use));
  }
  return out;
}

json json_of(const load_check& check) {
  return {{"name", check.name}, {"holds", check.holds}, {"serious", check.serious}, {"sentence", check.sentence}};
}

}  // namespace

json to_json(const load_report& report, const load_options& options, const std::vector<load_check>& checks) {
  const auto latency = report.latency();
  json out{{"program", "braid-bench"},
           {"command", "load"},
           {"version", BRAID_VERSION},
           {"started_at", report.started_at},
           {"interrupted", report.interrupted},
           {"environment", to_json(report.where)},
           {"protocol", report.protocol},
           {"options", json_of(options)},
           {"requests", report.requests()},
           {"succeeded", report.succeeded()},
           {"bytes", report.bytes()},
           {"throughput", measure::to_json(report.throughput())},
           {"latency", measure::latency_to_json(latency)},
           {"latency_histogram", measure::to_json(latency)},
           {"service", measure::latency_to_json(report.service())},
           {"client_cpu_per_request_s", measure::to_json(report.cpu_per_request())},
           {"statuses", by_status(report.statuses())},
           {"errors", report.errors()},
           {"supported", supported(checks)}};
  out["checks"] = json::array();
  for (const auto& check : checks) {
    out["checks"].push_back(json_of(check));
  }
  out["runs"] = json::array();
  for (const auto& run : report.runs) {
    out["runs"].push_back(json_of(run));
  }
  return out;
}

}  // namespace braid::bench
