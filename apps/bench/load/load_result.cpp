#include "load_result.hpp"

#include <algorithm>

namespace braid::bench {
namespace {

double seconds(std::chrono::nanoseconds value) { return std::chrono::duration<double>(value).count(); }

template <class Of>
std::uint64_t sum(const std::vector<load_run>& runs, Of of) {
  std::uint64_t total = 0;
  for (const auto& run : runs) {
    total += of(run);
  }
  return total;
}

template <class Of>
measure::summary summary_of(const std::vector<load_run>& runs, Of of) {
  std::vector<double> values;
  for (const auto& run : runs) {
    values.push_back(of(run));
  }
  return measure::summarize(values);
}

measure::histogram merged(const std::vector<load_run>& runs, measure::histogram load_run::*which) {
  measure::histogram all;
  for (const auto& run : runs) {
    all.merge(run.*which);
  }
  return all;
}

template <class Key>
std::map<Key, std::uint64_t> counted(const std::vector<load_run>& runs, std::map<Key, std::uint64_t> load_run::*which) {
  std::map<Key, std::uint64_t> all;
  for (const auto& run : runs) {
    for (const auto& [key, count] : run.*which) {
      all[key] += count;
    }
  }
  return all;
}

}  // namespace

double context_use::busy() const {
  return wall.count() > 0 ? seconds(used.on_core + used.kept_waiting) / seconds(wall) : 0;
}

void load_run::add(const load_tally& of_context) {
  requests += of_context.done;
  succeeded += of_context.latency.count();
  bytes += of_context.bytes;
  last_sent = std::max(last_sent, of_context.last_sent);
  latency.merge(of_context.latency);
  service.merge(of_context.service);
  late.merge(of_context.late);
  for (const auto& [status, count] : of_context.statuses) {
    statuses[status] += count;
  }
  for (const auto& [code, count] : of_context.errors) {
    errors[code] += count;
  }
  examples.insert(of_context.examples.begin(), of_context.examples.end());
  contexts.push_back({of_context.used, of_context.wall});
}

double load_run::throughput() const { return wall.count() > 0 ? static_cast<double>(succeeded) / seconds(wall) : 0; }

double load_run::cpu_per_request() const {
  return requests > 0 ? seconds(client.cpu.total()) / static_cast<double>(requests) : 0;
}

double load_run::busiest() const {
  double most = 0;
  for (const auto& context : contexts) {
    most = std::max(most, context.busy());
  }
  return most;
}

std::uint64_t load_report::requests() const {
  return sum(runs, [](const load_run& r) { return r.requests; });
}

std::uint64_t load_report::succeeded() const {
  return sum(runs, [](const load_run& r) { return r.succeeded; });
}

std::uint64_t load_report::bytes() const {
  return sum(runs, [](const load_run& r) { return r.bytes; });
}

measure::histogram load_report::latency() const { return merged(runs, &load_run::latency); }

measure::histogram load_report::service() const { return merged(runs, &load_run::service); }

measure::histogram load_report::late() const { return merged(runs, &load_run::late); }

measure::summary load_report::throughput() const {
  return summary_of(runs, [](const load_run& r) { return r.throughput(); });
}

measure::summary load_report::cpu_per_request() const {
  return summary_of(runs, [](const load_run& r) { return r.cpu_per_request(); });
}

measure::summary load_report::latency_at(double percent) const {
  return summary_of(runs, [=](const load_run& r) { return seconds(r.latency.duration_at(percent)); });
}

std::map<int, std::uint64_t> load_report::statuses() const { return counted(runs, &load_run::statuses); }

std::map<std::string, std::uint64_t> load_report::errors() const { return counted(runs, &load_run::errors); }

}  // namespace braid::bench
