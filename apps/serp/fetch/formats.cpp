#include "formats.hpp"

#include <array>
#include <braid/core/error.hpp>
#include <braid/scrape/table_sink.hpp>
#include <cmath>
#include <filesystem>
#include <string_view>

namespace braid::fetch {
namespace {

constexpr const char* csv_header = "engine,query,page,status,position,title,link,displayed_link,snippet,error";

/// Where --out is a database.
scrape::table_layout results_table() {
  using column = scrape::table_column;
  constexpr auto integer = column::kind::integer;
  scrape::table_layout table;
  table.name = "results";
  table.columns.emplace_back("id", std::vector<std::string>{"search_metadata", "id"});
  table.columns.emplace_back("engine", std::vector<std::string>{"search_parameters", "engine"});
  table.columns.emplace_back("query", std::vector<std::string>{"search_parameters", "q"});
  table.columns.emplace_back("page", std::vector<std::string>{"search_parameters", "page"}, integer);
  for (const auto* name : {"status", "page_kind", "created_at", "processed_at", "final_url"}) {
    table.columns.emplace_back(name, std::vector<std::string>{"search_metadata", name});
  }
  for (const auto* name : {"http_status", "attempts"}) {
    table.columns.emplace_back(name, std::vector<std::string>{"search_metadata", name}, integer);
  }
  table.columns.emplace_back("error_code", std::vector<std::string>{"error", "code"});
  return table;
}

/// Text from pages may be anything; a record is always UTF-8.
std::string dump(const nlohmann::ordered_json& value) {
  return value.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

/// Line ends become spaces: a row is a line, which is what makes a cut-off one easy to repair.
void append_cell(std::string& row, std::string_view text) {
  if (!row.empty()) row += ',';
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) {
    row += text;
    return;
  }
  row += '"';
  for (const char c : text) {
    if (c == '"') row += '"';
    row += (c == '\n' || c == '\r') ? ' ' : c;
  }
  row += '"';
}

std::string cell_of(const nlohmann::ordered_json& item, const char* name) {
  const auto found = item.find(name);
  if (found == item.end() || found->is_null()) return {};
  return found->is_string() ? found->get<std::string>() : dump(*found);
}

std::string csv_row(const job& what, std::string_view status, const nlohmann::ordered_json& item,
                    const std::string& error) {
  std::string row;
  append_cell(row, what.engine);
  append_cell(row, what.query);
  append_cell(row, std::to_string(what.page));
  append_cell(row, status);
  for (const auto* name : {"position", "title", "link", "displayed_link", "snippet"})
    append_cell(row, cell_of(item, name));
  append_cell(row, error);
  return row + '\n';
}

/// A row for each organic result. A job without any still has a row: it says why.
std::string csv_rows(const nlohmann::ordered_json& members, const job& what, std::string_view status) {
  std::string rows;
  if (const auto organic = members.find("organic_results"); organic != members.end() && organic->is_array()) {
    for (const auto& item : *organic) rows += csv_row(what, status, item, {});
  }
  if (!rows.empty()) return rows;
  const auto error = members.find("error");
  const auto code = error == members.end() ? std::string() : cell_of(*error, "code");
  return csv_row(what, status, nlohmann::ordered_json::object(), code);
}

double seconds(duration time) {
  // Microseconds are as fine as anybody reads them.
  return std::round(std::chrono::duration<double>(time).count() * 1e6) / 1e6;
}

}  // namespace

format format_of(const std::string& out) {
  if (scrape::is_postgres(out)) return format::postgres;
  if (out == "-" || out.starts_with("/dev/")) return format::jsonl;
  const auto extension = std::filesystem::path(out).extension().string();
  if (extension == ".jsonl" || extension == ".ndjson") return format::jsonl;
  if (extension == ".json") return format::json;
  if (extension == ".csv") return format::csv;
  if (extension == ".sqlite" || extension == ".db") return format::sqlite;
  throw invalid_argument("--out " + out +
                         ": expected a name that ends in .jsonl, .json, .csv or .sqlite, or postgresql://..., or -");
}

std::string_view csv_header_line() { return csv_header; }

std::unique_ptr<scrape::sink> open_sink(const std::string& out, format as) {
  if (as == format::sqlite) return scrape::open_sqlite(out, results_table());
  if (as == format::postgres) return scrape::open_postgres(out, results_table());
  auto file =
      out == "-" ? scrape::output_file::standard_output() : scrape::output_file(out, scrape::output_file::mode::append);
  switch (as) {
    case format::json:
      return scrape::open_json_array(std::move(file));
    case format::csv:
      return scrape::open_lines(std::move(file), csv_header);
    case format::jsonl:
    case format::sqlite:
    case format::postgres:
      break;
  }
  return scrape::open_lines(std::move(file));
}

std::unique_ptr<scrape::table_reader> open_results(const std::string& address) {
  return std::make_unique<scrape::table_reader>(address, results_table());
}

std::string text_of(const nlohmann::ordered_json& members, const job& what, std::string_view status, format as) {
  if (as == format::csv) return csv_rows(members, what, status);
  const auto text = dump(members);
  return text.substr(1, text.size() - 2);
}

std::string finished_text(record& what, const scrape::item_times& times, std::chrono::system_clock::time_point saved,
                          format as) {
  if (as == format::csv) return std::move(what.rest);
  auto& metadata = what.metadata;
  metadata["processed_at"] = iso_time(saved);
  metadata["total_time_taken"] = seconds(times.gather + times.wait_for_parse + times.parse + times.wait_for_save);
  nlohmann::ordered_json stages;
  stages["gather"] = seconds(times.gather);
  stages["parse"] = seconds(times.wait_for_parse + times.parse);
  stages["save"] = seconds(times.wait_for_save);
  metadata["stage_times"] = std::move(stages);
  auto text = "{\"search_metadata\":" + dump(metadata);
  if (!what.rest.empty()) text += ',' + what.rest;
  return text + '}';
}

}  // namespace braid::fetch
