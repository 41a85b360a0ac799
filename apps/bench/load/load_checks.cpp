#include "load_checks.hpp"

#include <algorithm>
#include <braid/measure/format.hpp>
#include <braid/measure/schedule.hpp>
#include <cmath>

namespace braid::bench {
namespace {

constexpr double busy_share = 0.95;
constexpr double rate_share = 0.99;

std::string percent(double share) { return measure::format_number(std::round(share * 1000) / 10) + " %"; }

/// The figure is that of the busiest context in the repetition where it was least busy: noise of one repetition does
/// not decide.
double generator_busy(const load_report& report) {
  std::vector<double> busy;
  for (const auto& run : report.runs) {
    busy.push_back(run.busiest());
  }
  return measure::summarize(busy).median;
}

load_check generator(const load_report& report, const load_options& options) {
  const double busy = generator_busy(report);
  load_check check{"generator", busy < busy_share, true, {}};
  check.sentence = "The generator's busiest context was busy for " + percent(busy) + " of the time";
  if (options.figure == figure_of::client) {
    check.holds = !check.holds;
    check.sentence += check.holds ? ": the figures are the client's."
                                  : ": it waited for the target, and these are the target's figures. Raise "
                                    "--concurrency, or ask a faster target.";
    return check;
  }
  check.sentence += check.holds ? ": it had time to spare."
                                : ": these are its own figures, not the target's. Give it more --contexts, lower "
                                  "--rate or --concurrency, or ask for the client's figure with --of client.";
  return check;
}

/// The share of the rate that was sent: what was never sent is missing, and so is what a run took longer for.
double held_share(const load_run& run, double rate) {
  const auto due = run.requests + run.unsent.value_or(0);
  if (due == 0) {
    return 1;
  }
  const double ought = std::chrono::duration<double>(measure::intended_start(due - 1, rate)).count();
  const double took = std::chrono::duration<double>(run.last_sent).count();
  const double sent = static_cast<double>(run.requests) / static_cast<double>(due);
  return took > ought ? sent * ought / took : sent;
}

load_check rate(const load_report& report, const load_options& options) {
  double held = 1;
  for (const auto& run : report.runs) {
    if (!run.interrupted) {
      held = std::min(held, held_share(run, *options.rate));
    }
  }
  load_check check{"rate", held >= rate_share, true, {}};
  check.sentence = "Of the " + measure::format_number(*options.rate) + " requests/s asked for " + percent(held) +
                   " were sent in the worst repetition; 99 % of them were late by " +
                   measure::format_duration(report.late().duration_at(99)) + " or less.";
  if (!check.holds) {
    check.sentence +=
        " The rate did not hold, so the latencies are lower bounds. Raise --concurrency if the target can take more "
        "requests at once; else this is more than it bears.";
  }
  return check;
}

load_check length(const load_report& report) {
  auto shortest = std::chrono::nanoseconds::max();
  for (const auto& run : report.runs) {
    shortest = std::min(shortest, run.wall);
  }
  constexpr auto least = std::chrono::milliseconds(200);
  load_check check{"length", shortest >= least, true, {}};
  check.sentence = "The shortest repetition took " + measure::format_duration(shortest);
  check.sentence += check.holds ? "." : ": too short for a figure. Give more --requests or a --duration.";
  return check;
}

load_check repetitions(const load_report& report) {
  const auto throughput = report.throughput();
  load_check check{"repetitions", report.runs.size() >= 3, false, {}};
  if (!check.holds) {
    check.sentence = "Fewer than 3 repetitions say little about the scatter; compare needs them (--repeat).";
    return check;
  }
  const double scatter = throughput.mean > 0 ? throughput.stdev / throughput.mean : 0;
  check.holds = scatter <= 0.1;
  check.sentence = "Between repetitions throughput scatters by " + percent(scatter) +
                   (check.holds ? "." : ": small differences will not be seen. Quieten the machine or raise --repeat.");
  return check;
}

/// A percentile needs values beyond it.
load_check samples(const load_report& report) {
  const auto count = report.succeeded();
  load_check check{"samples", count >= 10'000, false, {}};
  check.sentence = check.holds ? "The percentiles stand on " + measure::format_count(count) + " requests."
                               : "With " + measure::format_count(count) +
                                     " requests p99.9 rests on fewer than 10 of "
                                     "them: take it as a hint.";
  return check;
}

}  // namespace

std::vector<load_check> check_load(const load_report& report, const load_options& options) {
  if (report.runs.empty() || report.succeeded() == 0) {
    return {};
  }
  std::vector<load_check> checks{generator(report, options)};
  if (options.rate) {
    checks.push_back(rate(report, options));
  }
  checks.push_back(length(report));
  checks.push_back(repetitions(report));
  checks.push_back(samples(report));
  return checks;
}

bool supported(const std::vector<load_check>& checks) {
  return std::all_of(checks.begin(), checks.end(), [](const load_check& c) { return c.holds || !c.serious; });
}

}  // namespace braid::bench
