#include "claims.hpp"

#include <algorithm>
#include <braid/measure/format.hpp>
#include <braid/measure/significance.hpp>
#include <cmath>

#include "bench/modes/checks.hpp"

namespace braid::bench {
namespace {

using namespace measure;

constexpr double matters = 0.02;  // a ratio nearer to 1 is none

/// How a figure of one arrangement compares with that of another, over the repetitions.
struct ratio {
  double value = 1;
  std::optional<mean_comparison> bounds;

  bool above() const { return bounds ? bounds->low > 1 && value > 1 + matters : value > 1.1; }
  bool below() const { return bounds ? bounds->high < 1 && value < 1 - matters : value < 0.9; }

  std::string text() const {
    auto out = format_ratio(value);
    if (bounds) {
      out += " (" + format_number(bounds->low) + " to " + format_number(bounds->high) + ")";
    }
    return out;
  }
};

template <class Of>
ratio ratio_of(const mode_result& one, const mode_result& other, Of of) {
  std::vector<double> a;
  std::vector<double> b;
  for (const auto& run : one.runs) a.push_back(of(run));
  for (const auto& run : other.runs) b.push_back(of(run));
  ratio out;
  const double base = summarize(a).mean;
  out.value = base > 0 ? summarize(b).mean / base : 0;
  out.bounds = compare_means(a, b);
  return out;
}

double throughput(const run_result& run) { return run.throughput(); }

double cpu_of_a_request(const run_result& run) {
  const double cpu = std::chrono::duration<double>(run.client.cpu.total()).count();
  return run.requests > 0 ? cpu / static_cast<double>(run.requests) : 0;
}

double cores_used(const run_result& run) {
  const double wall = std::chrono::duration<double>(run.wall).count();
  return wall > 0 ? std::chrono::duration<double>(run.client.cpu.total()).count() / wall : 0;
}

double median_latency(const run_result& run) {
  return std::chrono::duration<double>(run.latency.duration_at(50)).count();
}

std::string time(double seconds) { return format_duration(std::chrono::nanoseconds(std::llround(seconds * 1e9))); }

/// What must be above 1 for a claim to hold.
claim_verdict if_above(const ratio& r) {
  return r.above() ? claim_verdict::holds : r.below() ? claim_verdict::fails : claim_verdict::not_shown;
}

claim more_finished(const claim_experiments& all) {
  const auto r = ratio_of(all.waiting_sequential, all.waiting_concurrent, throughput);
  return {"concurrency", false, "more tasks finished",
          r.text() + " the requests a second of one after another, on one thread", if_above(r)};
}

claim better_use(const claim_experiments& all) {
  const auto r = ratio_of(all.waiting_sequential, all.waiting_concurrent, cores_used);
  return {"concurrency", false, "better use of resources",
          "the core works " + format_number(client_cores(all.waiting_concurrent) * 100) + " % of the time instead of " +
              format_number(client_cores(all.waiting_sequential) * 100) + " %",
          if_above(r)};
}

claim shorter_response(const claim_experiments& all) {
  const auto whole = ratio_of(all.waiting_concurrent, all.waiting_sequential, throughput);
  const auto single = ratio_of(all.waiting_sequential, all.waiting_concurrent, median_latency);
  auto verdict = claim_verdict::not_shown;
  if (whole.below()) {
    verdict = single.below() ? claim_verdict::holds : claim_verdict::partly;
  } else if (whole.above()) {
    verdict = claim_verdict::fails;
  }
  return {"concurrency", false, "shorter response times",
          "the whole of the work takes " + format_ratio(whole.value) + " the time; a single request " + single.text() +
              ": it is not answered sooner, it waits less for its turn",
          verdict};
}

/// Failures that say which request they are of.
std::string named_of(const mode_result& mode) {
  std::uint64_t named = 0;
  for (const auto& run : mode.runs) named += run.named_failures;
  return format_count(named) + " of " + format_count(mode.failed()) + " failures";
}

bool all_named(const mode_result& mode) {
  std::uint64_t named = 0;
  for (const auto& run : mode.runs) named += run.named_failures;
  return mode.failed() > 0 && named == mode.failed();
}

/// Claims that something is harder: the duty of the framework is that it is not.
claim_verdict if_all_named(const mode_result& mode) {
  return mode.failed() == 0 ? claim_verdict::not_shown : all_named(mode) ? claim_verdict::fails : claim_verdict::holds;
}

claim errors_harder(const claim_experiments& all) {
  return {"concurrency", true, "errors are harder to find",
          named_of(all.failing_concurrent) + " among " + std::to_string(all.failing_concurrent.plan.tasks) +
              " tasks at once say which request they are of",
          if_all_named(all.failing_concurrent)};
}

claim switching_costs(const claim_experiments& all) {
  const auto switches = summarize(all.switch_ns);
  const auto r = ratio_of(all.waiting_sequential, all.waiting_concurrent, cpu_of_a_request);
  return {"concurrency", true, "switching costs",
          "a switch costs " + format_number(switches.mean) + " ns; a request of " +
              std::to_string(all.waiting_concurrent.plan.tasks) + " at once costs " + r.text() +
              " the processor time of one alone" + (r.below() ? ": batching saves more than switches cost" : ""),
          r.above()   ? claim_verdict::holds
          : r.below() ? claim_verdict::fails
                      : claim_verdict::not_shown};
}

claim too_many(const claim_experiments& all) {
  claim out{"concurrency", true, "too many sessions at once lower performance", {}, claim_verdict::not_shown};
  if (all.sessions.size() < 2) {
    return out;
  }
  const auto best = std::max_element(
      all.sessions.begin(), all.sessions.end(),
      [](const mode_result& a, const mode_result& b) { return a.throughput().mean < b.throughput().mean; });
  const auto& most = all.sessions.back();
  const auto r = ratio_of(*best, most, throughput);
  out.figure = std::to_string(most.plan.tasks) + " at once do " + r.text() + " the requests a second of " +
               std::to_string(best->plan.tasks) + ", and a request takes " + time(median_latency(most.runs.front())) +
               " instead of " + time(median_latency(best->runs.front()));
  out.verdict = r.below()                        ? claim_verdict::holds
                : best == all.sessions.end() - 1 ? claim_verdict::fails
                                                 : claim_verdict::not_shown;
  return out;
}

/// Parallel work cannot show anything on one core.
claim_verdict on_cores(claim_verdict verdict, unsigned cores) { return cores < 2 ? claim_verdict::not_shown : verdict; }

std::string contexts_text(const mode_result& mode) { return std::to_string(mode.plan.contexts) + " contexts"; }

void add_parallelism(std::vector<claim>& out, const claim_experiments& all, unsigned cores) {
  const auto faster = ratio_of(all.computing_one, all.computing_several, throughput);
  const auto cpu = ratio_of(all.computing_one, all.computing_several, cpu_of_a_request);
  const auto& several = all.computing_several;
  out.push_back({"parallelism", false, "tasks finish faster",
                 "pages are parsed at " + faster.text() + " the speed on " + contexts_text(several) +
                     " (the origin shares the cores)",
                 on_cores(if_above(faster), cores)});
  const auto pages = [](const mode_result& mode) { return mode.runs.empty() ? 0 : mode.requests() / mode.runs.size(); };
  out.push_back({"parallelism", false, "larger problems in the same time",
                 format_count(pages(several)) + " pages instead of " + format_count(pages(all.computing_one)) + " in " +
                     time(several.wall_seconds().mean),
                 on_cores(if_above(faster), cores)});
  const auto cheaper = faster.above() ? (cpu.above() ? claim_verdict::partly : claim_verdict::holds)
                                      : (faster.below() ? claim_verdict::fails : claim_verdict::not_shown);
  out.push_back({"parallelism", false, "lower cost because the work ends sooner",
                 "a machine paid by the hour is needed for " + format_ratio(faster.value > 0 ? 1 / faster.value : 0) +
                     " the time; paid by processor time a page costs " + cpu.text(),
                 on_cores(cheaper, cores)});
  const double used = client_cores(several);
  out.push_back({"parallelism", false, "several computing resources used at once",
                 "the client used " + format_number(used) + " cores at once, " +
                     format_number(client_cores(all.computing_one)) + " with one context",
                 on_cores(used > 1.05 ? claim_verdict::holds : claim_verdict::not_shown, cores)});
  out.push_back({"parallelism", true, "harder to understand",
                 "both runs are one coroutine (work.cpp) and differ in one number: contexts 1 and " +
                     std::to_string(several.plan.contexts),
                 several.runs.empty() ? claim_verdict::not_shown : claim_verdict::fails});
  out.push_back({"parallelism", true, "more power (processor seconds) used",
                 "a page costs " + cpu.text() + " the processor time on " + contexts_text(several),
                 on_cores(if_above(cpu), cores)});
  out.push_back(
      {"parallelism", true, "harder to debug",
       named_of(all.failing_parallel) + " on " + contexts_text(all.failing_parallel) + " say which request they are of",
       if_all_named(all.failing_parallel)});
}

void add_relations(std::vector<claim>& out, const claim_experiments& all) {
  const auto& one = all.waiting_concurrent;
  const auto seen = one.most_in_flight().value_or(0);
  const bool single = one.plan.threads == 1 && seen > 1;
  out.push_back({"relation", false, "concurrency without parallelism exists",
                 "one thread had " + format_count(seen) + " requests in flight at once, counted by the origin",
                 single ? claim_verdict::holds : claim_verdict::not_shown});
  const auto& parallel = all.waiting_parallel;
  const auto together = parallel.most_in_flight().value_or(0);
  out.push_back(
      {"relation", false, "parallelism implies concurrency",
       contexts_text(parallel) + " with one task each had " + format_count(together) + " requests in flight at once",
       together > 1 ? claim_verdict::holds : claim_verdict::not_shown});
}

}  // namespace

std::string_view to_string(claim_verdict value) {
  switch (value) {
    case claim_verdict::holds:
      return "holds";
    case claim_verdict::partly:
      return "partly";
    case claim_verdict::fails:
      return "does not hold";
    case claim_verdict::not_shown:
      break;
  }
  return "not shown";
}

std::vector<claim> judge_claims(const claim_experiments& all, unsigned cores) {
  std::vector<claim> out{more_finished(all), better_use(all),      shorter_response(all),
                         errors_harder(all), switching_costs(all), too_many(all)};
  add_parallelism(out, all, cores);
  add_relations(out, all);
  return out;
}

}  // namespace braid::bench
