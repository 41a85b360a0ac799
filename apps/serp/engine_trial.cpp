#include "engine_trial.hpp"

#include <cmath>
#include <cstdio>
#include <map>
#include <set>

#include <nlohmann/json.hpp>

#include <braid/core/error.hpp>
#include <braid/serp/fill.hpp>
#include <braid/serp/parse.hpp>

#include "page_file.hpp"
#include "page_index.hpp"

namespace braid::app {
namespace {

using json = nlohmann::ordered_json;

/// One engine's figures.
struct trial {
  std::size_t pages = 0, failed = 0;
  std::size_t kinds = 0, right_kinds = 0;
  std::size_t wanted = 0, found = 0;        // links that are expected
  std::size_t judged = 0, right_links = 0;  // links of pages that list all there are
  serp::fill_counter fill;
  std::vector<serp::drift> fallen;
};

std::set<std::string> links_of(const json& record) {
  std::set<std::string> links;
  if (record.contains("organic_results"))
    for (const auto& result : record["organic_results"])
      if (result.contains("link")) links.insert(place_of(result["link"].get<std::string>()));
  return links;
}

void compare(const indexed_page& page, const serp::record& record, trial& into) {
  if (page.kind) {
    ++into.kinds;
    if (*page.kind == record.kind) ++into.right_kinds;
  }
  into.fill.add(record.json);
  if (page.links.empty() || page.kind.value_or(serp::page_kind::results) != serp::page_kind::results) return;
  const auto got = links_of(record.json);
  const std::set<std::string> want(page.links.begin(), page.links.end());
  std::size_t hits = 0;
  for (const auto& link : want) hits += got.count(link);
  into.wanted += want.size();
  into.found += hits;
  if (!page.exhaustive) return;
  into.judged += got.size();
  into.right_links += hits;
}

void try_page(const serp::engine& engine, const indexed_page& page, trial& into) {
  ++into.pages;
  try {
    compare(page, serp::parse_page(engine, read_page(page.file)), into);
  } catch (const error& e) {
    ++into.failed;
    std::fprintf(stderr, "braid-serp: %s: %s\n", page.file.c_str(), e.what());
  }
}

json ratio(std::size_t part, std::size_t whole) {
  if (whole == 0) return nullptr;
  return std::round(1000.0 * static_cast<double>(part) / static_cast<double>(whole)) / 1000;
}

std::string cell(const json& value) {
  if (value.is_null()) return "-";
  char text[32];
  std::snprintf(text, sizeof text, "%.3f", value.get<double>());
  return text;
}

bool is_counted(const std::string& field) {
  return !field.ends_with(".position") && !field.ends_with(".position_absolute");
}

/// What a definition's "baseline" holds.
json baseline_of(const trial& of) {
  json baseline = json::object();
  const auto rows = of.fill.rows_of("organic_results");
  if (of.fill.pages() > 0)
    baseline["rows_per_page"] =
        std::round(10.0 * static_cast<double>(rows) / static_cast<double>(of.fill.pages())) / 10;
  baseline["fields"] = json::object();
  for (const auto& field : of.fill.fields())
    if (is_counted(field.name)) baseline["fields"][field.name] = std::round(field.rate() * 100) / 100;
  return baseline;
}

json report_of(const trial& of) {
  json report = {{"pages", of.pages},
                 {"failed", of.failed},
                 {"kind", ratio(of.right_kinds, of.kinds)},
                 {"recall", ratio(of.found, of.wanted)},
                 {"precision", ratio(of.right_links, of.judged)},
                 {"results", of.fill.rows_of("organic_results")},
                 {"fill", json::object()},
                 {"drift", json::array()}};
  for (const auto& field : of.fill.fields())
    if (is_counted(field.name))
      report["fill"][field.name] = {{"rows", field.rows}, {"rate", ratio(field.filled, field.rows)}};
  for (const auto& one : of.fallen) report["drift"].push_back(serp::to_string(one));
  return report;
}

void print_table(const std::map<std::string, trial>& trials) {
  std::printf("%-16s %6s %7s %7s %7s %8s\n", "engine", "pages", "kind", "recall", "prec", "results");
  for (const auto& [name, one] : trials) {
    std::printf("%-16s %6zu %7s %7s %7s %8zu\n", name.c_str(), one.pages,
                cell(ratio(one.right_kinds, one.kinds)).c_str(), cell(ratio(one.found, one.wanted)).c_str(),
                cell(ratio(one.right_links, one.judged)).c_str(), one.fill.rows_of("organic_results"));
    for (const auto& field : one.fill.fields())
      if (is_counted(field.name))
        std::printf("  %-42s %5.1f %% of %zu\n", field.name.c_str(), 100 * field.rate(), field.rows);
    for (const auto& fallen : one.fallen) std::printf("  under its baseline: %s\n", serp::to_string(fallen).c_str());
  }
}

void print_json(const std::map<std::string, trial>& trials, trial_output output) {
  json all = json::object();
  for (const auto& [name, one] : trials) all[name] = output == trial_output::json ? report_of(one) : baseline_of(one);
  std::printf("%s\n", all.dump(2).c_str());
}

}  // namespace

int run_engines_test(const engines_options& options, const std::string& folder, trial_output output) {
  const auto engines = load_engines(options);
  std::map<std::string, trial> trials;
  std::set<std::string> missing;
  for (const auto& page : read_index(folder)) {
    if (const auto* engine = engines.try_find(page.engine))
      try_page(*engine, page, trials[page.engine]);
    else
      missing.insert(page.engine);
  }
  for (const auto& name : missing) std::fprintf(stderr, "braid-serp: no definition for %s\n", name.c_str());
  bool fell = false;
  for (auto& [name, one] : trials) {
    one.fallen = serp::drifted(engines.find(name), one.fill);
    fell |= !one.fallen.empty();
  }
  if (output == trial_output::table)
    print_table(trials);
  else
    print_json(trials, output);
  if (trials.empty()) return 3;
  return fell ? 1 : 0;
}

}  // namespace braid::app
