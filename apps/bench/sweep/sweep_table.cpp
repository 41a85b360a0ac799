#include <braid/measure/format.hpp>
#include <braid/measure/table.hpp>

#include "sweep_report.hpp"

namespace braid::bench {
namespace {

using namespace measure;

std::string cell_text(const mode_result* cell) {
  if (cell == nullptr) {
    return "-";
  }
  const auto t = cell->throughput();
  return t.has_interval() ? format_number(t.mean) + " ± " + format_number(t.ci95) : format_number(t.mean);
}

/// A column for each number of contexts, a row for each concurrency.
template <class Text>
std::string grid(const sweep_report& report, const std::string& corner, Text text) {
  std::vector<std::string> titles{corner};
  for (const auto c : report.contexts()) {
    titles.push_back(std::to_string(c) + (c == 1 ? " context" : " contexts"));
  }
  auto t = table::of_figures(titles);
  for (const auto k : report.concurrency()) {
    std::vector<std::string> row{std::to_string(k)};
    for (const auto c : report.contexts()) {
      row.push_back(text(report.find(c, k)));
    }
    t.row(std::move(row));
  }
  return t.str() + "\n";
}

}  // namespace

std::string render(const sweep_report& report, const sweep_options& options) {
  std::string text = options.cell.parse ? "GET + parse" : "GET";
  text += ", " + report.origin + "\n" + report.where.cpu + ", " + std::to_string(report.where.cores) + " cores, " +
          report.where.kernel + ", " + report.where.build + " build\n\n";
  if (report.cells.empty() || report.contexts().empty()) {
    return text + "Nothing was measured.\n";
  }
  text += grid(report, "requests/s", cell_text);
  text += grid(report, "p99 latency", [](const mode_result* cell) {
    return cell == nullptr ? std::string("-") : format_duration(cell->latency().duration_at(99));
  });
  text += grid(report, "CPU/request", [](const mode_result* cell) {
    return cell == nullptr ? std::string("-")
                           : format_duration(std::chrono::nanoseconds(
                                 static_cast<std::int64_t>(cell->client_cpu_per_request() * 1e9)));
  });
  for (const auto& line : reading(report)) {
    text += line + "\n";
  }
  const auto against = objections(report);
  for (const auto& line : against) {
    text += "Not supported: " + line + "\n";
  }
  if (report.interrupted) {
    text += "Interrupted: what is shown was measured until then.\n";
  }
  return text;
}

}  // namespace braid::bench
