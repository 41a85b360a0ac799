#include "run_metrics.hpp"

#include <functional>

#include "prometheus_text.hpp"

namespace braid::fetch {
namespace {

using by_name = run_tally_shared::by_name;

double of(std::uint64_t value) { return static_cast<double>(value); }

void append_records(std::string& out, const std::string& name, std::string_view label, const by_name& tallies) {
  append_head(out, name, "counter", "Records that are safe.");
  for (const auto& [key, counts] : tallies) {
    append_sample(out, name, {{label, key}, {"outcome", "done"}}, of(counts.done));
    append_sample(out, name, {{label, key}, {"outcome", "blocked"}}, of(counts.blocked));
    append_sample(out, name, {{label, key}, {"outcome", "failed"}}, of(counts.failed));
  }
}

void append_each(std::string& out, const std::string& name, std::string_view type, std::string_view help,
                 std::string_view label, const by_name& tallies,
                 const std::function<double(const std::string&, const tally_counts&)>& value) {
  append_head(out, name, type, help);
  for (const auto& [key, counts] : tallies) append_sample(out, name, {{label, key}}, value(key, counts));
}

void append_tallies(std::string& out, const std::string& prefix, std::string_view label, const by_name& tallies) {
  append_records(out, prefix + "records_total", label, tallies);
  append_each(out, prefix + "attempts_total", "counter", "Requests that are over.", label, tallies,
              [](const auto&, const tally_counts& counts) { return of(counts.attempts); });
  append_each(out, prefix + "answers_total", "counter", "Requests that were answered, whatever the answer was.", label,
              tallies, [](const auto&, const tally_counts& counts) { return of(counts.answered); });
  append_each(out, prefix + "request_seconds_total", "counter", "Time that requests took, in seconds.", label, tallies,
              [](const auto&, const tally_counts& counts) { return counts.seconds; });
  append_each(out, prefix + "in_flight", "gauge", "Requests under way.", label, tallies,
              [](const auto&, const tally_counts& counts) { return of(counts.in_flight); });
}

}  // namespace

std::string run_metrics(const run_counts& counts, const fetcher& gathering) {
  std::string out;
  append_metric(out, "braid_fetch_requests", "gauge", "Requests of this run.", of(counts.total));
  append_head(out, "braid_fetch_stage_waiting", "gauge", "Pages in front of a stage.");
  append_sample(out, "braid_fetch_stage_waiting", {{"stage", "parse"}}, of(counts.waiting_for_parse));
  append_sample(out, "braid_fetch_stage_waiting", {{"stage", "save"}}, of(counts.waiting_for_save));
  const auto engines = gathering.tally().engines();
  append_tallies(out, "braid_fetch_", "engine", engines);
  const auto target_value = [&](auto member) {
    return [&gathering, member](const std::string& engine, const tally_counts&) {
      const auto* target = gathering.target(engine);
      return target == nullptr ? 0.0 : of((target->*member)());
    };
  };
  append_each(out, "braid_fetch_suspensions_total", "counter", "How often an engine was left alone after a refusal.",
              "engine", engines, target_value(&target_shared::suspensions));
  append_each(out, "braid_fetch_limit", "gauge", "Requests at once that an engine may have; 0: no limit of its own.",
              "engine", engines, target_value(&target_shared::limit));
  if (const auto proxies = gathering.tally().proxies(); !proxies.empty()) {
    append_tallies(out, "braid_fetch_proxy_", "proxy", proxies);
    append_head(out, "braid_fetch_proxy_usable", "gauge", "0: ejected.");
    for (const auto& one : gathering.proxies()) {
      append_sample(out, "braid_fetch_proxy_usable", {{"proxy", one.name}}, one.usable ? 1 : 0);
    }
  }
  return out;
}

}  // namespace braid::fetch
