#include <algorithm>
#include <braid/measure/format.hpp>
#include <cmath>

#include "bench/modes/checks.hpp"
#include "sweep_report.hpp"

namespace braid::bench {
namespace {

using namespace measure;

std::string percent(double share) { return format_number(share * 100) + " %"; }

std::string contexts_text(unsigned count) { return std::to_string(count) + (count == 1 ? " context" : " contexts"); }

std::string bounds_of(const bounded_figure& figure) {
  return format_number(figure.value) + " (" + format_number(figure.low) + " to " + format_number(figure.high) + ")";
}

/// A share with its bounds, in %.
std::string shares_of(const bounded_figure& figure) {
  return percent(figure.value) + " (" + format_number(figure.low * 100) + " to " + format_number(figure.high * 100) +
         " %)";
}

std::string law_text(const scalability_fit& fit) {
  auto text = "contention " + shares_of(fit.sigma);
  if (fit.with_kappa) {
    text += ", coherency " + shares_of(fit.kappa) + " a pair";
  }
  return text;
}

std::string limit_text(limit by) {
  switch (by) {
    case limit::nothing:
      return "throughput still rises at the end of the grid: nothing has limited it yet, more concurrency may bring "
             "more";
    case limit::client_cores:
      return "the client's own processor time limits it: more contexts help, more concurrency does not";
    case limit::machine:
      return "all cores of this machine were busy, the client's and others' work together: measure with the target on "
             "another machine, or read the processor time a request";
    case limit::target:
      break;
  }
  return "the target limits it: the client had time to spare and more requests at once brought no more";
}

std::string of_concurrency(const concurrency_law& law, const sweep_report& report) {
  const auto* best = report.best(law.contexts);
  auto text = "On " + contexts_text(law.contexts) + " throughput is highest with " + std::to_string(best->plan.tasks) +
              " at once, " + format_number(best->throughput().mean) + " requests/s; " + limit_text(law.by) + ".";
  if (law.fit && law.fit->with_kappa) {
    text += " Law over concurrency: " + law_text(*law.fit);
    if (const auto peak = law.fit->model.peak()) {
      text += ", peak at " + format_number(*peak);
    }
    text += "; explains " + percent(law.fit->r_squared) + " of the variance.";
  }
  return text;
}

std::string of_contexts(const context_law& law) {
  if (!law.throughput || !law.capacity) {
    return "How contexts scale takes two numbers of contexts within this machine's cores.";
  }
  auto text = "Law over contexts, throughput as measured: " + law_text(*law.throughput) +
              ". By the client's processor time alone: " + law_text(*law.capacity) + ".";
  if (!law.capacity->with_kappa) {
    text += " From two numbers of contexts coherency cannot be told: it was taken for 0.";
  }
  return text;
}

std::string prediction(const context_law& law, unsigned cores) {
  const bool rough = !law.capacity->with_kappa;
  std::string text = "PREDICTION, not measured: with a core each and a target that keeps up, the client could do ";
  const unsigned beyond[]{cores * 2, cores * 4, cores * 8};
  for (const auto n : beyond) {
    text += n == beyond[0] ? "" : ", ";
    text += bounds_of(law.capacity->predict(n)) + " requests/s on " + contexts_text(n);
  }
  return text +
         (rough ? ". Too optimistic if contexts hinder each other in pairs, which two points cannot show." : ".");
}

}  // namespace

std::vector<std::string> reading(const sweep_report& report) {
  std::vector<std::string> out;
  for (const auto& law : concurrency_laws(report)) {
    out.push_back(of_concurrency(law, report));
  }
  const auto contexts = law_of_contexts(report);
  out.push_back(of_contexts(contexts));
  if (contexts.capacity) {
    out.push_back(prediction(contexts, report.where.cores));
  }
  if (!contexts.left_out.empty()) {
    out.push_back("More contexts than cores are shown and left out of the law over contexts.");
  }
  return out;
}

std::vector<std::string> objections(const sweep_report& report) {
  std::vector<std::string> out;
  double others = 0;
  double scatter = 0;
  auto shortest = std::chrono::nanoseconds::max();
  std::uint64_t failed = 0;
  for (const auto& cell : report.cells) {
    if (cell.runs.empty()) {
      continue;
    }
    const auto throughput = cell.throughput();
    scatter = std::max(scatter, throughput.mean > 0 ? throughput.stdev / throughput.mean : 0);
    failed += cell.failed();
    for (const auto& run : cell.runs) {
      shortest = std::min(shortest, run.wall);
    }
    // What else runs on this machine is the target too, where it is not our origin.
    others = std::max(others, report.origin_is_ours ? cell.others_cores() : 0);
  }
  if (failed > 0) {
    out.push_back(format_count(failed) + " requests failed: throughput of those that did not is no throughput.");
  }
  if (others > 0.25) {
    out.push_back("Other processes used up to " + format_number(others) +
                  " cores meanwhile: the figures are too low. Measure on a quiet machine.");
  }
  if (scatter > 0.2) {
    out.push_back("The throughput of a cell scatters by up to " + percent(scatter) +
                  " between repetitions: take longer ones (--duration), or more of them (--repeat).");
  }
  if (shortest < std::chrono::milliseconds(100)) {
    out.push_back("A cell took only " + format_duration(shortest) + ": too short for a figure.");
  }
  return out;
}

}  // namespace braid::bench
