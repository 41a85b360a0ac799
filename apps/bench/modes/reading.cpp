#include <braid/measure/format.hpp>
#include <braid/measure/json.hpp>
#include <cmath>

#include "checks.hpp"
#include "report.hpp"

namespace braid::bench {
namespace {

using namespace measure;

std::string time(double seconds) { return format_duration(std::chrono::nanoseconds(std::llround(seconds * 1e9))); }

std::string percent(double share) { return format_number(std::round(share * 1000) / 10) + " %"; }

std::string cores(double value) { return format_number(value) + (std::fabs(value - 1) < 0.005 ? " core" : " cores"); }

void say_extrapolated(std::vector<std::string>& out, const modes_report& report) {
  for (const auto& mode : report.modes) {
    if (mode.extrapolated_to && !mode.runs.empty()) {
      out.push_back("* extrapolated: " + std::string(to_string(mode.plan.kind)) + " was measured on " +
                    format_count(mode.runs.front().requests) + " requests; its wall time is scaled to " +
                    format_count(*mode.extrapolated_to) + ", everything else is as measured.");
    }
  }
}

void say_concurrency(std::vector<std::string>& out, const modes_report& report, const modes_options& options) {
  const auto check = check_concurrency(report, options);
  if (!check) {
    return;
  }
  const auto* one = report.find(mode::sequential);
  const auto* many = report.find(mode::concurrent);
  const double requests = static_cast<double>(many->requests()) / static_cast<double>(many->runs.size());
  out.push_back("Concurrency: " + format_number(std::round(requests)) + " requests of " +
                format_duration(options.latency) + " wait " + time(requests * seconds(options.latency)) +
                " one after another; " + std::to_string(many->plan.tasks) + " at a time on one thread they wait " +
                time(check->ideal_wait_s) + ".");
  out.push_back(
      "  Sequential took " + time(one->wall_seconds().mean) + (one->extrapolated_to ? " (extrapolated)" : "") +
      ", concurrent " + time(check->measured_s) + ". Ideal waiting plus the " + time(check->sequential_cpu_s) +
      " of CPU that sequential needs for as many is " + time(check->bound_s / concurrency_check::slack) +
      ": measured is " + format_ratio(check->measured_s * concurrency_check::slack / check->bound_s) + " that" +
      (check->holds ? " (at most 1.20 × counts as real concurrency: yes)."
                    : " (at most 1.20 × counts as real concurrency: NO)."));
}

/// One sentence on what N contexts bring, and whether the run can show it at all.
void say_scaling(std::vector<std::string>& out, const modes_report& report, const modes_options& options, mode more,
                 mode one) {
  const auto found = scaling_of(report, options, more, one);
  if (!found || report.find(more)->plan.contexts < 2) {
    return;
  }
  const auto contexts = std::to_string(report.find(more)->plan.contexts);
  std::string text = "Parallelism: " + std::string(to_string(more)) + " gave " + format_ratio(found->ratio) +
                     " the throughput of " + std::string(to_string(one)) + ". ";
  if (found->waits) {
    text += "One context was busy " + percent(found->base_client_cores) +
            " of the time: this work waits, so what counts is ";
    text += "how many requests wait at once, not how many processors there are (--parse --latency 0 shows those).";
  } else {
    text += "The client used " + cores(found->client_cores) + " on " + contexts + " contexts and " +
            cores(found->base_client_cores) + " on one";
    text +=
        report.origin_is_ours ? ", the origin " + cores(found->origin_cores) + " beside the " + contexts + "." : ".";
    text += " By the processor time of a request, " + std::to_string(report.where.cores) + " cores allow at most " +
            format_ratio(found->allowed_ratio) + ".";
  }
  out.push_back(std::move(text));
}

void say_shared(std::vector<std::string>& out, const modes_report& report) {
  const auto* shared = report.find(mode::shared);
  const auto* own = report.find(mode::parallel_concurrent);
  if (shared == nullptr || own == nullptr || own->throughput().mean <= 0 || own->client_cpu_per_request() <= 0) {
    return;
  }
  out.push_back("One io_context run by " + std::to_string(shared->plan.threads) + " threads gave " +
                format_ratio(shared->throughput().mean / own->throughput().mean) +
                " the throughput of contexts of their own, at " +
                format_ratio(shared->client_cpu_per_request() / own->client_cpu_per_request()) +
                " the CPU time a request.");
}

void say_cores(std::vector<std::string>& out, const modes_report& report, const modes_options& options) {
  if (!report.origin_is_ours) {
    out.push_back("The target's processor time is not known here; if it runs on this machine it takes its share.");
    return;
  }
  const auto total = std::to_string(report.where.cores) + (report.where.cores == 1 ? " core" : " cores");
  const bool enough = options.contexts < report.where.cores;
  std::string text = "Cores: the client's threads and the origin, a process of its own, share " + total;
  text += options.pin ? "; contexts are pinned to cores from 0 on, the origin is not" : "; nothing is pinned";
  text += enough
              ? "."
              : ", so that with " + std::to_string(options.contexts) + " contexts the origin takes its time from them.";
  out.push_back(std::move(text));
}

void say_others(std::vector<std::string>& out, const modes_report& report) {
  std::string busy;
  for (const auto& mode : report.modes) {
    if (mode.others_cores() > 0.1) {
      busy += (busy.empty() ? "" : ", ") + std::string(to_string(mode.plan.kind)) + " " + cores(mode.others_cores());
    }
  }
  if (!busy.empty()) {
    out.push_back("CAUTION: other programs were busy on this machine (" + busy +
                  "): times and ratios are not to be trusted.");
  }
}

void say_failures(std::vector<std::string>& out, const modes_report& report) {
  for (const auto& mode : report.modes) {
    std::map<std::string, std::uint64_t> failures;
    std::map<std::string, std::string> examples;
    for (const auto& run : mode.runs) {
      for (const auto& [code, count] : run.failures) {
        failures[code] += count;
      }
      examples.insert(run.examples.begin(), run.examples.end());
    }
    for (const auto& [code, count] : failures) {
      out.push_back("FAILED in " + std::string(to_string(mode.plan.kind)) + ": " + format_count(count) + " × " + code +
                    ", such as: " + examples[code]);
    }
  }
  if (report.interrupted) {
    out.push_back("Interrupted: only what was done is shown.");
  }
}

}  // namespace

std::vector<std::string> reading(const modes_report& report, const modes_options& options) {
  std::vector<std::string> out;
  say_extrapolated(out, report);
  say_concurrency(out, report, options);
  say_scaling(out, report, options, mode::parallel, mode::sequential);
  say_scaling(out, report, options, mode::parallel_concurrent, mode::concurrent);
  say_shared(out, report);
  say_cores(out, report, options);
  say_others(out, report);
  say_failures(out, report);
  return out;
}

}  // namespace braid::bench
