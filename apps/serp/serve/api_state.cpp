// How the work goes: /v1/state, and the figures that event streams bring.
#include "api.hpp"

namespace braid::serve {
namespace {

double seconds(duration time) { return std::chrono::duration<double>(time).count(); }

std::string stage_json(const scrape::stage_counts& of) {
  return R"({"waiting":)" + std::to_string(of.waiting) + R"(,"in_flight":)" + std::to_string(of.in_flight) +
         R"(,"done":)" + std::to_string(of.done) + R"(,"failed":)" + std::to_string(of.failed) + R"(,"seconds":)" +
         std::to_string(seconds(of.time)) + '}';
}

std::string engine_json(const fetch::target_shared::health& of) {
  return R"({"name":)" + json_text(of.engine) + R"(,"under_way":)" + std::to_string(of.under_way) +
         R"(,"suspensions":)" + std::to_string(of.suspensions) + R"(,"suspended_for":)" +
         std::to_string(seconds(of.suspended_for)) + R"(,"reason":)" + json_text(of.reason) + '}';
}

std::string proxy_json(const scrape::proxy_pool::report& of) {
  return R"({"name":)" + json_text(of.name) + R"(,"tag":)" + json_text(of.tag) + R"(,"usable":)" +
         (of.usable ? "true" : "false") + R"(,"requests":)" + std::to_string(of.requests) + R"(,"answered":)" +
         std::to_string(of.answered) + R"(,"failed":)" + std::to_string(of.failed) + R"(,"bans":)" +
         std::to_string(of.bans) + R"(,"ejections":)" + std::to_string(of.ejections) + '}';
}

}  // namespace

std::string api_shared::figures() const {
  const auto tasks = store_.counts();
  const auto gather = work_.counts(scrape::stage::gather);
  const auto parse = work_.counts(scrape::stage::parse);
  const auto save = work_.counts(scrape::stage::save);
  return R"({"waiting":)" + std::to_string(tasks[0]) + R"(,"done":)" + std::to_string(tasks[1]) + R"(,"failed":)" +
         std::to_string(tasks[2]) + R"(,"gathering":)" + std::to_string(gather.in_flight) + R"(,"parsing":)" +
         std::to_string(parse.in_flight + parse.waiting) + R"(,"saving":)" +
         std::to_string(save.in_flight + save.waiting) + R"(,"saved":)" + std::to_string(save.done) +
         R"(,"listeners":)" + std::to_string(events_.listeners()) + R"(,"stages":{"gather":)" + stage_json(gather) +
         R"(,"parse":)" + stage_json(parse) + R"(,"save":)" + stage_json(save) + "}}";
}

awaitable<http::reply> api_shared::state(call&) {
  std::string engines, proxies;
  for (const auto& one : work_.engine_health()) engines += (engines.empty() ? "" : ",") + engine_json(one);
  for (const auto& one : work_.proxy_health()) proxies += (proxies.empty() ? "" : ",") + proxy_json(one);
  auto out = http::reply::json(R"({"figures":)" + figures() + R"(,"engines":[)" + engines + R"(],"proxies":[)" +
                               proxies + "]}");
  out.header("Cache-Control", "no-store");
  co_return out;
}

}  // namespace braid::serve
