#include "result.hpp"

#include <algorithm>

namespace braid::bench {
namespace {

template <class Of>
auto sum(const std::vector<run_result>& runs, Of of) {
  auto total = decltype(of(runs.front())){};
  for (const auto& run : runs) {
    total = total + of(run);
  }
  return total;
}

double seconds(std::chrono::nanoseconds value) { return std::chrono::duration<double>(value).count(); }

double per(double value, std::uint64_t count) { return count == 0 ? 0 : value / static_cast<double>(count); }

}  // namespace

double run_result::throughput() const {
  const double time = seconds(wall);
  return time > 0 ? static_cast<double>(succeeded()) / time : 0;
}

double run_result::client_cpu_per_request() const {
  return requests > 0 ? seconds(client.cpu.total()) / static_cast<double>(requests) : 0;
}

std::uint64_t mode_result::requests() const {
  return sum(runs, [](const run_result& r) { return r.requests; });
}

std::uint64_t mode_result::failed() const {
  return sum(runs, [](const run_result& r) { return r.failed; });
}

std::uint64_t mode_result::bytes() const {
  return sum(runs, [](const run_result& r) { return r.bytes; });
}

measure::histogram mode_result::latency() const {
  measure::histogram all;
  for (const auto& run : runs) {
    all.merge(run.latency);
  }
  return all;
}

measure::histogram mode_result::parse() const {
  measure::histogram all;
  for (const auto& run : runs) {
    all.merge(run.parse);
  }
  return all;
}

measure::summary mode_result::throughput() const {
  std::vector<double> values;
  for (const auto& run : runs) {
    values.push_back(run.throughput());
  }
  return measure::summarize(values);
}

measure::summary mode_result::wall_seconds() const {
  std::vector<double> values;
  for (const auto& run : runs) {
    double wall = seconds(run.wall);
    if (extrapolated_to && run.requests > 0) {
      wall *= static_cast<double>(*extrapolated_to) / static_cast<double>(run.requests);
    }
    values.push_back(wall);
  }
  return measure::summarize(values);
}

measure::cpu_time mode_result::client_cpu() const {
  if (runs.empty()) {
    return {};
  }
  const auto total = sum(runs, [](const run_result& r) { return r.client.cpu; });
  const auto count = static_cast<std::int64_t>(runs.size());
  return {total.user / count, total.system / count};
}

std::optional<measure::cpu_time> mode_result::origin_cpu() const {
  measure::cpu_time total;
  for (const auto& run : runs) {
    if (!run.origin_cpu) {
      return std::nullopt;
    }
    total = total + *run.origin_cpu;
  }
  if (runs.empty()) {
    return std::nullopt;
  }
  const auto count = static_cast<std::int64_t>(runs.size());
  return measure::cpu_time{total.user / count, total.system / count};
}

std::optional<std::uint64_t> mode_result::most_in_flight() const {
  std::optional<std::uint64_t> most;
  for (const auto& run : runs) {
    most = std::max(most, run.most_in_flight);
  }
  return most;
}

double mode_result::others_cores() const {
  double others = 0;
  double wall = 0;
  for (const auto& run : runs) {
    others += run.others_cpu ? seconds(*run.others_cpu) : 0;
    wall += seconds(run.wall);
  }
  return wall > 0 ? others / wall : 0;
}

double mode_result::client_cpu_per_request() const {
  return per(seconds(client_cpu().total()) * static_cast<double>(runs.size()), requests());
}

double mode_result::origin_cpu_per_request() const {
  const auto cpu = origin_cpu();
  return cpu ? per(seconds(cpu->total()) * static_cast<double>(runs.size()), requests()) : 0;
}

bool mode_result::interrupted() const {
  return std::any_of(runs.begin(), runs.end(), [](const run_result& r) { return r.interrupted; });
}

const mode_result* modes_report::find(mode kind) const {
  const auto at = std::find_if(modes.begin(), modes.end(),
                               [&](const mode_result& m) { return m.plan.kind == kind && !m.runs.empty(); });
  return at == modes.end() ? nullptr : &*at;
}

}  // namespace braid::bench
