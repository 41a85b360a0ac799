#include "sweep_result.hpp"

#include <algorithm>
#include <set>

#include "bench/modes/checks.hpp"

namespace braid::bench {
namespace {

constexpr double busy_share = 0.95;
constexpr double clear_rise = 1.1;  // of throughput, when concurrency has doubled

/// Throughputs above 0, one a repetition.
std::vector<double> throughputs(const mode_result& cell) {
  std::vector<double> out;
  for (const auto& run : cell.runs) {
    if (run.throughput() > 0) {
      out.push_back(run.throughput());
    }
  }
  return out;
}

std::vector<double> capacities(const mode_result& cell) {
  std::vector<double> out;
  for (const auto& run : cell.runs) {
    const double cpu = std::chrono::duration<double>(run.client.cpu.total()).count();
    if (cpu > 0 && run.succeeded() > 0) {
      out.push_back(cell.plan.contexts * static_cast<double>(run.succeeded()) / cpu);
    }
  }
  return out;
}

std::optional<measure::scalability_fit> fit_of(const std::vector<measure::scaling_point>& points) {
  return measure::fit_scalability(points);
}

void add(std::vector<measure::scaling_point>& points, double workers, std::vector<double> values) {
  if (!values.empty()) {
    points.push_back({workers, std::move(values)});
  }
}

/// Whether the best cell is the last one and well above the one before.
bool rises(const sweep_report& report, unsigned contexts) {
  const mode_result* last = nullptr;
  const mode_result* before = nullptr;
  for (const auto k : report.concurrency()) {
    if (const auto* cell = report.find(contexts, k)) {
      before = last;
      last = cell;
    }
  }
  return before != nullptr && last == report.best(contexts) &&
         last->throughput().mean > clear_rise * before->throughput().mean;
}

}  // namespace

std::string_view to_string(limit value) {
  switch (value) {
    case limit::nothing:
      return "nothing";
    case limit::client_cores:
      return "client cores";
    case limit::machine:
      return "machine";
    case limit::target:
      break;
  }
  return "target";
}

const mode_result* sweep_report::find(unsigned with_contexts, unsigned with_concurrency) const {
  const auto at = std::find_if(cells.begin(), cells.end(), [&](const mode_result& cell) {
    return cell.plan.contexts == with_contexts && cell.plan.tasks == with_concurrency && !cell.runs.empty();
  });
  return at == cells.end() ? nullptr : &*at;
}

const mode_result* sweep_report::best(unsigned with_contexts) const {
  const mode_result* best = nullptr;
  for (const auto& cell : cells) {
    if (cell.plan.contexts == with_contexts && !cell.runs.empty() &&
        (best == nullptr || cell.throughput().mean > best->throughput().mean)) {
      best = &cell;
    }
  }
  return best;
}

std::vector<unsigned> sweep_report::contexts() const {
  std::set<unsigned> all;
  for (const auto& cell : cells) {
    if (!cell.runs.empty()) all.insert(cell.plan.contexts);
  }
  return {all.begin(), all.end()};
}

std::vector<unsigned> sweep_report::concurrency() const {
  std::set<unsigned> all;
  for (const auto& cell : cells) {
    if (!cell.runs.empty()) all.insert(cell.plan.tasks);
  }
  return {all.begin(), all.end()};
}

std::vector<concurrency_law> concurrency_laws(const sweep_report& report) {
  std::vector<concurrency_law> out;
  for (const auto c : report.contexts()) {
    std::vector<measure::scaling_point> points;
    for (const auto k : report.concurrency()) {
      if (const auto* cell = report.find(c, k)) {
        add(points, k, throughputs(*cell));
      }
    }
    const auto by = limit_of(*report.best(c), report.where.cores, report.origin_is_ours, rises(report, c));
    out.push_back({c, fit_of(points), by});
  }
  return out;
}

context_law law_of_contexts(const sweep_report& report) {
  context_law law;
  std::vector<measure::scaling_point> measured;
  std::vector<measure::scaling_point> possible;
  for (const auto c : report.contexts()) {
    if (c > report.where.cores) {
      law.left_out.push_back(c);
      continue;
    }
    const auto& best = *report.best(c);
    add(measured, c, throughputs(best));
    add(possible, c, capacities(best));
  }
  law.throughput = fit_of(measured);
  law.capacity = fit_of(possible);
  return law;
}

limit limit_of(const mode_result& best, unsigned cores, bool origin_is_ours, bool rises) {
  const double client = client_cores(best);
  const double origin = origin_cores(best);
  if (client >= busy_share * std::min(best.plan.contexts, cores)) {
    return limit::client_cores;
  }
  if (client + origin + best.others_cores() >= busy_share * cores) {
    return limit::machine;
  }
  // Our origin runs on one core.
  const bool origin_busy = origin_is_ours && origin >= busy_share;
  return rises && !origin_busy ? limit::nothing : limit::target;
}

}  // namespace braid::bench
