#include <braid/measure/json.hpp>
#include <nlohmann/json.hpp>

#include "bench/modes/checks.hpp"
#include "sweep_report.hpp"

namespace braid::bench {
namespace {

using nlohmann::json;

template <class T>
json optional(const std::optional<T>& value) {
  return value ? json(*value) : json(nullptr);
}

json json_of(const measure::bounded_figure& figure) {
  return {{"value", figure.value}, {"low", figure.low}, {"high", figure.high}};
}

json json_of(const std::optional<measure::scalability_fit>& fit, const std::vector<double>& predict) {
  if (!fit) {
    return nullptr;
  }
  json out{{"lambda", json_of(fit->lambda)},
           {"sigma", json_of(fit->sigma)},
           {"kappa", json_of(fit->kappa)},
           {"with_kappa", fit->with_kappa},
           {"r_squared", fit->r_squared},
           {"peak", optional(fit->model.peak())},
           {"ceiling", optional(fit->model.ceiling())}};
  out["predictions"] = json::array();
  for (const double workers : predict) {
    auto one = json_of(fit->predict(workers));
    one["workers"] = workers;
    out["predictions"].push_back(std::move(one));
  }
  return out;
}

json json_of(const mode_result& cell) {
  const auto latency = cell.latency();
  json out{{"contexts", cell.plan.contexts},
           {"concurrency", cell.plan.tasks},
           {"requests", cell.requests()},
           {"failed", cell.failed()},
           {"throughput", measure::to_json(cell.throughput())},
           {"latency", measure::latency_to_json(latency)},
           {"latency_histogram", measure::to_json(latency)},
           {"client_cpu_per_request_s", cell.client_cpu_per_request()},
           {"client_cores", client_cores(cell)},
           {"origin_cores", cell.origin_cpu() ? json(origin_cores(cell)) : json(nullptr)},
           {"others_cores", cell.others_cores()},
           {"runs", json::array()}};
  for (const auto& run : cell.runs) {
    out["runs"].push_back({{"wall_s", measure::seconds(run.wall)},
                           {"requests", run.requests},
                           {"failed", run.failed},
                           {"throughput", run.throughput()},
                           {"latency_histogram", measure::to_json(run.latency)},
                           {"client_cpu", measure::to_json(run.client.cpu)},
                           {"client_cpu_per_request_s", run.client_cpu_per_request()}});
  }
  return out;
}

json json_of(const sweep_options& options, const sweep_report& report) {
  const auto& cell = options.cell;
  return {{"contexts", options.contexts},
          {"concurrency", options.concurrency},
          {"duration_s", cell.run_for ? json(measure::seconds(*cell.run_for)) : json(nullptr)},
          {"requests", optional(cell.requests)},
          {"repeat", cell.repeat},
          {"warm_up_s", measure::seconds(cell.warm_up)},
          {"parse", cell.parse},
          {"engine", cell.engine},
          {"pin", cell.pin},
          {"latency_s", report.origin_is_ours ? json(measure::seconds(cell.latency)) : json(nullptr)},
          {"page_bytes", report.origin_is_ours ? json(cell.page_bytes) : json(nullptr)}};
}

}  // namespace

json to_json(const sweep_report& report, const sweep_options& options) {
  json out{{"program", "braid-bench"},
           {"command", "sweep"},
           {"version", BRAID_VERSION},
           {"started_at", report.started_at},
           {"interrupted", report.interrupted},
           {"environment", to_json(report.where)},
           {"origin", {{"description", report.origin}, {"own_process", report.origin_is_ours}}},
           {"options", json_of(options, report)},
           {"cells", json::array()},
           {"over_concurrency", json::array()}};
  for (const auto& cell : report.cells) {
    if (!cell.runs.empty()) {
      out["cells"].push_back(json_of(cell));
    }
  }
  for (const auto& law : concurrency_laws(report)) {
    out["over_concurrency"].push_back(
        {{"contexts", law.contexts}, {"limit", to_string(law.by)}, {"law", json_of(law.fit, {})}});
  }
  const auto contexts = law_of_contexts(report);
  const double cores = report.where.cores;
  out["over_contexts"] = {{"throughput", json_of(contexts.throughput, {})},
                          {"capacity", json_of(contexts.capacity, {cores * 2, cores * 4, cores * 8})},
                          {"left_out", contexts.left_out}};
  out["reading"] = reading(report);
  out["objections"] = objections(report);
  out["supported"] = objections(report).empty();
  return out;
}

}  // namespace braid::bench
