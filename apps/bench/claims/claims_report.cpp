#include "claims_report.hpp"

#include <braid/measure/json.hpp>
#include <nlohmann/json.hpp>

#include "bench/modes/checks.hpp"

namespace braid::bench {
namespace {

using nlohmann::json;

std::string heading_of(const claim& one) {
  if (one.about == "relation") {
    return "Relations";
  }
  return (one.about == "concurrency" ? std::string("Concurrency") : std::string("Parallelism")) +
         (one.against ? ", against" : ", for");
}

json json_of(const mode_result& mode) {
  json out{{"arrangement", mode.plan.describe()},
           {"contexts", mode.plan.contexts},
           {"tasks", mode.plan.tasks},
           {"requests", mode.requests()},
           {"failed", mode.failed()},
           {"throughput", measure::to_json(mode.throughput())},
           {"latency", measure::latency_to_json(mode.latency())},
           {"client_cpu_per_request_s", mode.client_cpu_per_request()},
           {"client_cores", client_cores(mode)},
           {"others_cores", mode.others_cores()}};
  const auto most = mode.most_in_flight();
  out["max_in_flight"] = most ? json(*most) : json(nullptr);
  return out;
}

}  // namespace

std::string render(const claims_report& report) {
  std::string text = "The explainer's claims, measured here: " + report.where.cpu + ", " +
                     std::to_string(report.where.cores) + " cores, " + report.where.kernel + ", " + report.where.build +
                     " build; intervals are of 95 %\n";
  std::string heading;
  for (const auto& one : report.claims) {
    if (heading_of(one) != heading) {
      heading = heading_of(one);
      text += "\n" + heading + "\n";
    }
    auto verdict = std::string(to_string(one.verdict));
    verdict.resize(14, ' ');
    text += "  " + verdict + one.says + "\n                  " + one.figure + "\n";
  }
  if (report.interrupted) {
    text += "\nInterrupted: the claims are judged by what was measured until then.\n";
  }
  return text;
}

json to_json(const claims_report& report, const claims_options& options) {
  const auto& e = report.experiments;
  json out{{"program", "braid-bench"},
           {"command", "claims"},
           {"version", BRAID_VERSION},
           {"started_at", report.started_at},
           {"interrupted", report.interrupted},
           {"environment", to_json(report.where)},
           {"options",
            {{"contexts", options.contexts},
             {"repeat", options.repeat},
             {"duration_s", measure::seconds(options.run_for)},
             {"sessions", options.sessions}}},
           {"claims", json::array()},
           {"experiments",
            {{"waiting_sequential", json_of(e.waiting_sequential)},
             {"waiting_concurrent", json_of(e.waiting_concurrent)},
             {"waiting_parallel", json_of(e.waiting_parallel)},
             {"computing_one", json_of(e.computing_one)},
             {"computing_several", json_of(e.computing_several)},
             {"failing_concurrent", json_of(e.failing_concurrent)},
             {"failing_parallel", json_of(e.failing_parallel)},
             {"sessions", json::array()},
             {"switch_ns", measure::to_json(measure::summarize(e.switch_ns))}}}};
  for (const auto& mode : e.sessions) {
    out["experiments"]["sessions"].push_back(json_of(mode));
  }
  for (const auto& one : report.claims) {
    out["claims"].push_back({{"about", one.about},
                             {"against", one.against},
                             {"says", one.says},
                             {"figure", one.figure},
                             {"verdict", to_string(one.verdict)}});
  }
  return out;
}

}  // namespace braid::bench
