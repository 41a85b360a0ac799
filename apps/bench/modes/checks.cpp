#include "checks.hpp"

#include <algorithm>
#include <braid/measure/json.hpp>
#include <cmath>

namespace braid::bench {
namespace {

double wall_of(const mode_result& result) {
  double wall = 0;
  for (const auto& run : result.runs) {
    wall += measure::seconds(run.wall);
  }
  return wall;
}

double cores(double cpu_per_request, const mode_result& result) {
  const double wall = wall_of(result);
  return wall > 0 ? cpu_per_request * static_cast<double>(result.requests()) / wall : 0;
}

bool usable(const mode_result* result) {
  return result != nullptr && result->requests() > 0 && result->failed() == 0 && !result->interrupted();
}

/// Seconds of waiting when `requests` are made by `tasks` tasks. A count of requests comes in whole waves; when time
/// ends the mode, the last wave is cut off.
double ideal_wait(const modes_options& options, double requests, unsigned tasks) {
  const double waves = requests / tasks;
  return measure::seconds(options.latency) * (options.run_for ? waves : std::ceil(waves));
}

/// Whether a mode of one context waits rather than works: by what the origin makes a request wait, where that is known;
/// and where the context was idle although nothing else kept it from its core.
bool waits(const modes_report& report, const modes_options& options, const mode_result& one) {
  const double wait = report.origin_is_ours ? measure::seconds(options.latency) / one.plan.tasks : 0;
  return wait > one.client_cpu_per_request() || (client_cores(one) < 0.5 && one.others_cores() < 0.5);
}

}  // namespace

double client_cores(const mode_result& result) { return cores(result.client_cpu_per_request(), result); }

double origin_cores(const mode_result& result) { return cores(result.origin_cpu_per_request(), result); }

std::optional<measure::mean_comparison> throughput_ratio(const mode_result& base, const mode_result& other) {
  const auto of = [](const mode_result& mode) {
    std::vector<double> values;
    for (const auto& run : mode.runs) {
      values.push_back(run.throughput());
    }
    return values;
  };
  return measure::compare_means(of(base), of(other));
}

std::optional<concurrency_check> check_concurrency(const modes_report& report, const modes_options& options) {
  const auto* one = report.find(mode::sequential);
  const auto* many = report.find(mode::concurrent);
  if (!report.origin_is_ours || !usable(one) || !usable(many) || options.latency.count() == 0) {
    return std::nullopt;
  }
  const double requests = static_cast<double>(many->requests()) / static_cast<double>(many->runs.size());
  concurrency_check check;
  check.ideal_wait_s = ideal_wait(options, requests, many->plan.tasks);
  check.sequential_cpu_s = one->client_cpu_per_request() * requests;
  check.measured_s = many->wall_seconds().mean;
  check.bound_s = concurrency_check::slack * (check.ideal_wait_s + check.sequential_cpu_s);
  check.holds = check.measured_s <= check.bound_s;
  return check;
}

std::optional<scaling> scaling_of(const modes_report& report, const modes_options& options, mode more, mode one) {
  const auto* a = report.find(more);
  const auto* b = report.find(one);
  if (a == nullptr || b == nullptr || b->throughput().mean <= 0 || a->requests() == 0) {
    return std::nullopt;
  }
  scaling found;
  found.ratio = a->throughput().mean / b->throughput().mean;
  found.client_cores = client_cores(*a);
  found.origin_cores = origin_cores(*a);
  found.base_client_cores = client_cores(*b);
  found.waits = waits(report, options, *b);
  const double before = b->client_cpu_per_request();
  const double client = a->client_cpu_per_request();
  const double all = client + a->origin_cpu_per_request();
  if (client > 0) {
    found.allowed_ratio = std::min(a->plan.contexts * before / client, report.where.cores * before / all);
  }
  return found;
}

}  // namespace braid::bench
