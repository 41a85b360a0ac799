#include "run_report.hpp"

#include <algorithm>
#include <braid/core/url.hpp>
#include <braid/measure/histogram.hpp>
#include <report/page.hpp>
#include <string_view>
#include <utility>

#include "record.hpp"

namespace braid::fetch {

extern const std::string_view page_script;  // page/page.js, built in

namespace {

using nlohmann::json;

double seconds(duration time) { return std::chrono::duration<double>(time).count(); }

json time_at(const measure::histogram& times, double percent) {
  return times.empty() ? json() : json(seconds(times.duration_at(percent)));
}

json totals_of(const run_result& result) {
  return {{"requests", result.total},
          {"done", result.saved.success},
          {"blocked", result.saved.blocked},
          {"failed", result.saved.failed},
          {"undone", result.total - std::min(result.total, result.saved.all())},
          {"seconds", seconds(result.time)},
          {"interrupted", result.interrupted}};
}

json samples_of(const run_history& history) {
  json all = json::array();
  for (const auto& one : history.samples()) {
    all.push_back({{"at_s", one.at_s},
                   {"done", one.done},
                   {"blocked", one.blocked},
                   {"failed", one.failed},
                   {"in_flight", one.in_flight},
                   {"waiting_for_parse", one.waiting_for_parse},
                   {"waiting_for_save", one.waiting_for_save},
                   {"p50_s", one.p50_s},
                   {"p99_s", one.p99_s}});
  }
  return all;
}

json limits_of(const target_shared& target, time_point begin) {
  json all = json::array();
  for (const auto& one : target.limit_changes()) {
    all.push_back(
        {{"at_s", std::max(0.0, seconds(one.at - begin))}, {"limit", one.limit}, {"reason", to_string(one.reason)}});
  }
  return all;
}

json counts_of(const std::string& name, const tally_counts& counts) {
  return {{"name", name},         {"attempts", counts.attempts}, {"answered", counts.answered},
          {"done", counts.done},  {"blocked", counts.blocked},   {"failed", counts.failed},
          {"total", counts.total}};
}

json engines_of(const fetcher& gathering, time_point begin) {
  json all = json::array();
  const auto times = gathering.tally().times();
  for (const auto& [name, counts] : gathering.tally().engines()) {
    auto one = counts_of(name, counts);
    if (const auto own = times.find(name); own != times.end()) {
      one["p50_s"] = time_at(own->second, 50);
      one["p99_s"] = time_at(own->second, 99);
    }
    const auto* target = gathering.target(name);
    one["suspensions"] = target == nullptr ? 0 : target->suspensions();
    one["limits"] = target == nullptr ? json::array() : limits_of(*target, begin);
    all.push_back(std::move(one));
  }
  return all;
}

json proxies_of(const fetcher& gathering) {
  json all = json::array();
  const auto tallies = gathering.tally().proxies();
  for (const auto& report : gathering.proxies()) {
    const auto own = tallies.find(report.name);
    auto one = counts_of(report.name, own == tallies.end() ? tally_counts() : own->second);
    one["tag"] = report.tag;
    one["bans"] = report.bans;
    one["ejections"] = report.ejections;
    one["usable"] = report.usable;
    all.push_back(std::move(one));
  }
  return all;
}

json stage_of(const char* name, const scrape::stage_report& stage) {
  return {{"name", name},
          {"done", stage.counts.done},
          {"failed", stage.counts.failed},
          {"p50_s", time_at(stage.time, 50)},
          {"p99_s", time_at(stage.time, 99)},
          {"wait_p50_s", time_at(stage.wait, 50)},
          {"wait_p99_s", time_at(stage.wait, 99)}};
}

json fields_of(const engine_pages& engines) {
  json all = json::array();
  for (const auto& one : engines.fields()) {
    all.push_back({{"engine", one.engine},
                   {"name", one.name},
                   {"rows", one.rows},
                   {"filled", one.filled},
                   {"expected", one.expected ? json(*one.expected) : json()}});
  }
  return all;
}

/// Where a URL leads, without user and password.
std::string place_of(const std::string& address) {
  const auto parsed = url::parse(address);
  return parsed.origin() + std::string(parsed.path());
}

json options_of(const fetch_options& options) {
  json endpoints = json::object();
  for (const auto& [engine, address] : options.endpoints) endpoints[engine] = place_of(address);
  return {{"engines", options.engines},
          {"pages", options.pages},
          {"concurrency", options.adaptive_start ? json("auto:" + std::to_string(*options.adaptive_start))
                                                 : json(options.concurrency)},
          {"contexts", options.contexts},
          {"rate", options.rate ? json(*options.rate) : json("by engine")},
          {"retries", options.retries},
          {"timeout_s", seconds(options.timeout)},
          {"proxies", options.proxies.size()},
          {"robots", options.robots},
          {"replay", !options.replay.empty()},
          {"endpoints", std::move(endpoints)}};
}

}  // namespace

json run_report(const fetch_options& options, const run_result& result, const fetcher& gathering,
                const engine_pages& engines, const run_history& history, time_point begin,
                std::chrono::system_clock::time_point started_at) {
  return {
      {"program", "braid-serp"},
      {"command", "fetch"},
      {"started_at", iso_time(started_at)},
      {"totals", totals_of(result)},
      {"errors", result.errors},
      {"samples", samples_of(history)},
      {"engines", engines_of(gathering, begin)},
      {"proxies", proxies_of(gathering)},
      {"stages", {stage_of("gather", result.gather), stage_of("parse", result.parse), stage_of("save", result.save)}},
      {"fields", fields_of(engines)},
      {"fallen", engines.fallen()},
      {"options", options_of(options)}};
}

std::string report_page(const json& report) { return report::page(report, page_script); }

}  // namespace braid::fetch
