// The server itself: /healthz, /metrics, /openapi.json, /v1/engines.
#include "api.hpp"
#include "page_text.hpp"

namespace braid::serve {
namespace {

double seconds(duration time) { return std::chrono::duration<double>(time).count(); }

}  // namespace

awaitable<http::reply> api_shared::health(call&) {
  const bool draining = draining_.load(std::memory_order_relaxed);
  auto out = http::reply::json(draining ? R"({"status":"draining"})" : R"({"status":"ok"})");
  out.status(draining ? 503 : 200).header("Cache-Control", "no-store");
  co_return out;
}

awaitable<http::reply> api_shared::openapi(call&) { co_return http::reply::json(std::string(openapi_json)); }

awaitable<http::reply> api_shared::list_engines(call&) {
  std::string names;
  for (const auto& one : engines_) names += (names.empty() ? "" : ",") + json_text(one);
  co_return http::reply::json(R"({"engines":[)" + names + "]}");
}

awaitable<http::reply> api_shared::metrics(call&) {
  std::string out;
  append_metric(out, "braid_uptime_seconds", "gauge", "Time since the start.", seconds(clock::now() - started_));
  const auto tasks = store_.counts();
  out += "# HELP braid_tasks Tasks in the store.\n# TYPE braid_tasks gauge\n";
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    out += "braid_tasks{status=\"" + std::string(to_string(static_cast<scrape::task_state>(i))) + "\"} " +
           std::to_string(tasks[i]) + '\n';
  }
  std::string now, done, failed, time;
  for (const auto which : {scrape::stage::gather, scrape::stage::parse, scrape::stage::save}) {
    const auto counts = work_.counts(which);
    const auto label = "{stage=\"" + std::string(scrape::to_string(which)) + "\"} ";
    now += "braid_stage_in_flight" + label + std::to_string(counts.in_flight) + '\n';
    done += "braid_stage_done_total" + label + std::to_string(counts.done) + '\n';
    failed += "braid_stage_failed_total" + label + std::to_string(counts.failed) + '\n';
    time += "braid_stage_seconds_total" + label + std::to_string(seconds(counts.time)) + '\n';
  }
  out += "# HELP braid_stage_in_flight Tasks in a stage.\n# TYPE braid_stage_in_flight gauge\n" + now;
  out += "# HELP braid_stage_done_total Tasks that left a stage.\n# TYPE braid_stage_done_total counter\n" + done;
  out +=
      "# HELP braid_stage_failed_total Those of them that failed.\n# TYPE braid_stage_failed_total counter\n" + failed;
  out += "# HELP braid_stage_seconds_total Time they took in it.\n# TYPE braid_stage_seconds_total counter\n" + time;
  append_metric(out, "braid_event_listeners", "gauge", "Open event streams.", static_cast<double>(events_.listeners()));
  if (options_.more_metrics) options_.more_metrics(out);
  http::reply reply(200, out + counts_.text(), "text/plain; version=0.0.4; charset=utf-8");
  reply.header("Cache-Control", "no-store");
  co_return reply;
}

}  // namespace braid::serve
