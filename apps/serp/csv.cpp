#include "csv.hpp"

#include <array>

namespace braid::app {
namespace {

using json = nlohmann::ordered_json;

constexpr std::array<const char*, 6> columns = {"position", "title", "link", "displayed_link", "date", "snippet"};

/// RFC 4180.
std::string cell(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + "\"";
}

std::string cell(const json& object, const char* key) {
  if (!object.is_object() || !object.contains(key)) return {};
  const auto& value = object[key];
  return cell(value.is_string() ? value.get<std::string>() : value.dump());
}

}  // namespace

std::string csv_header() {
  std::string line = "file,engine,page_kind";
  for (const auto* name : columns) line += std::string(",") + name;
  return line + ",error\r\n";
}

std::string csv_rows(const std::string& file, const json& record) {
  const auto& metadata = record.at("search_metadata");
  const auto begin = cell(file) + "," + cell(metadata.at("parser"), "engine") + "," + cell(metadata, "page_kind");
  const auto end = "," + (record.contains("error") ? cell(record["error"], "code") : std::string()) + "\r\n";
  if (!record.contains("organic_results")) return begin + std::string(columns.size(), ',') + end;
  std::string lines;
  for (const auto& result : record["organic_results"]) {
    lines += begin;
    for (const auto* name : columns) lines += "," + cell(result, name);
    lines += end;
  }
  return lines;
}

}  // namespace braid::app
