#include "summary.hpp"

#include <braid/measure/format.hpp>
#include <braid/measure/table.hpp>

namespace braid::fetch {
namespace {

std::string time_at(const measure::histogram& times, double percent) {
  return times.empty() ? "-" : measure::format_duration(times.duration_at(percent));
}

void add_row(measure::table& table, const char* name, const scrape::stage_report& stage) {
  table.row({name, measure::format_count(stage.counts.done), measure::format_count(stage.counts.failed),
             time_at(stage.time, 50), time_at(stage.time, 99), time_at(stage.wait, 50), time_at(stage.wait, 99)});
}

std::string counts_line(const run_result& result) {
  const double seconds = std::chrono::duration<double>(result.time).count();
  const auto all = result.saved.all();
  auto text = measure::format_count(result.total) + (result.total == 1 ? " request: " : " requests: ") +
              measure::format_count(result.saved.success) + " done, " + measure::format_count(result.saved.blocked) +
              " blocked, " + measure::format_count(result.saved.failed) + " failed";
  if (all < result.total) text += ", " + measure::format_count(result.total - all) + " left undone";
  text += " in " + measure::format_duration(result.time);
  if (seconds > 0) text += " (" + measure::format_number(static_cast<double>(all) / seconds) + "/s)";
  return text + '\n';
}

}  // namespace

int exit_code(const run_result& result) {
  if (result.interrupted) return 130;
  if (result.total == 0) return 0;
  if (result.saved.success == 0) return 3;
  const bool all = result.saved.success == result.total && !result.sink_failed;
  return all ? 0 : 1;
}

std::string summary_text(const run_result& result) {
  auto text = counts_line(result);
  if (!result.errors.empty()) {
    text += "errors:";
    const char* separator = " ";
    for (const auto& [code, count] : result.errors) {
      text += separator + code + ' ' + measure::format_count(count);
      separator = ", ";
    }
    text += '\n';
  }
  auto table = measure::table::of_figures({"stage", "items", "failed", "p50", "p99", "wait p50", "wait p99"});
  add_row(table, "gather", result.gather);
  add_row(table, "parse", result.parse);
  add_row(table, "save", result.save);
  return text + table.str();
}

}  // namespace braid::fetch
