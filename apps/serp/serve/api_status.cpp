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

std::string api_shared::figures() const {
  const auto tasks = store_.counts();
  const auto gather = work_.counts(scrape::stage::gather);
  const auto parse = work_.counts(scrape::stage::parse);
  const auto save = work_.counts(scrape::stage::save);
  std::string out = R"({"waiting":)" + std::to_string(tasks[0]) + R"(,"done":)" + std::to_string(tasks[1]) +
                    R"(,"failed":)" + std::to_string(tasks[2]) + R"(,"gathering":)" + std::to_string(gather.in_flight) +
                    R"(,"parsing":)" + std::to_string(parse.in_flight + parse.waiting) + R"(,"saving":)" +
                    std::to_string(save.in_flight + save.waiting) + R"(,"saved":)" + std::to_string(save.done) +
                    R"(,"listeners":)" + std::to_string(events_.listeners()) + '}';
  return out;
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
  std::string now, done, failed;
  for (const auto which : {scrape::stage::gather, scrape::stage::parse, scrape::stage::save}) {
    const auto counts = work_.counts(which);
    const auto label = "{stage=\"" + std::string(scrape::to_string(which)) + "\"} ";
    now += "braid_stage_in_flight" + label + std::to_string(counts.in_flight) + '\n';
    done += "braid_stage_done_total" + label + std::to_string(counts.done) + '\n';
    failed += "braid_stage_failed_total" + label + std::to_string(counts.failed) + '\n';
  }
  out += "# HELP braid_stage_in_flight Tasks in a stage.\n# TYPE braid_stage_in_flight gauge\n" + now;
  out += "# HELP braid_stage_done_total Tasks that left a stage.\n# TYPE braid_stage_done_total counter\n" + done;
  out +=
      "# HELP braid_stage_failed_total Those of them that failed.\n# TYPE braid_stage_failed_total counter\n" + failed;
  append_metric(out, "braid_event_listeners", "gauge", "Open event streams.", static_cast<double>(events_.listeners()));
  if (options_.more_metrics) options_.more_metrics(out);
  http::reply reply(200, out + counts_.text(), "text/plain; version=0.0.4; charset=utf-8");
  reply.header("Cache-Control", "no-store");
  co_return reply;
}

}  // namespace braid::serve
