#include "saved_page.hpp"

#include <braid/core/error.hpp>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <limits>
#include <utility>

namespace braid::fetch {
namespace {

using json = nlohmann::json;

/// What iso_time() wrote; the beginning of time for anything else.
std::chrono::system_clock::time_point time_of(const std::string& text) {
  std::tm parts{};
  int milliseconds = 0;
  const int read = std::sscanf(text.c_str(), "%4d-%2d-%2dT%2d:%2d:%2d.%3dZ", &parts.tm_year, &parts.tm_mon,
                               &parts.tm_mday, &parts.tm_hour, &parts.tm_min, &parts.tm_sec, &milliseconds);
  if (read != 7) return {};
  parts.tm_year -= 1900;
  parts.tm_mon -= 1;
  return std::chrono::system_clock::from_time_t(timegm(&parts)) + std::chrono::milliseconds(milliseconds);
}

unsigned number_of(const json& from, const char* name, unsigned fallback) {
  const auto found = from.find(name);
  if (found == from.end()) return fallback;
  const auto value = found->get<std::int64_t>();
  if (value < 0 || value > std::numeric_limits<int>::max()) throw invalid_argument(std::string(name) + " out of range");
  return static_cast<unsigned>(value);
}

job job_of(const json& parameters, const json& metadata) {
  job what;
  what.engine = parameters.at("engine").get<std::string>();
  what.query = parameters.at("q").get<std::string>();
  what.page = number_of(parameters, "page", 1);
  what.gl = parameters.value("gl", "");
  what.hl = parameters.value("hl", "");
  what.device = parameters.value("device", "");
  what.google_domain = parameters.value("google_domain", "");
  what.location = parameters.value("location", "");
  what.safe = parameters.value("safe", "");
  what.tbs = parameters.value("tbs", "");
  what.num = number_of(parameters, "num", 0);
  what.start = number_of(parameters, "start", 0);
  what.url = metadata.value("engine_url", "");
  what.id = metadata.at("id").get<std::string>();
  return what;
}

request_facts facts_of(const json& metadata) {
  request_facts facts;
  facts.created_at = time_of(metadata.value("created_at", ""));
  facts.engine_url = metadata.value("engine_url", "");
  facts.final_url = metadata.value("final_url", "");
  facts.http_status = static_cast<int>(number_of(metadata, "http_status", 200));
  facts.attempts = number_of(metadata, "attempts", 1);
  facts.proxy_name = metadata.value("proxy", "");
  return facts;
}

}  // namespace

nlohmann::ordered_json index_line(const job& what, const fetched_page& page, const std::string& file) {
  nlohmann::ordered_json line;
  line["file"] = file;
  line["engine"] = what.engine;
  auto metadata = make_metadata(what, page.facts, {}, true);
  for (const auto* later : {"status", "page_kind", "processed_at", "total_time_taken", "stage_times", "context"}) {
    metadata.erase(later);
  }
  line["search_metadata"] = std::move(metadata);
  line["search_parameters"] = parameters_of(what);
  auto& fields = line["headers"] = nlohmann::ordered_json::array();
  auto kept = page.response.headers();
  kept.remove("Set-Cookie");
  for (const auto& field : kept) fields.push_back({field.name, field.value});
  return line;
}

std::optional<saved_page> saved_page_of(std::string_view line, const std::string& folder) {
  try {
    const auto read = json::parse(line);
    const auto& metadata = read.at("search_metadata");
    saved_page page;
    if (const auto file = read.find("file"); file != read.end()) {
      page.file = (std::filesystem::path(folder) / file->get<std::string>()).string();
    } else {
      page.file = metadata.value("raw_html_file", "");
      if (page.file.empty()) return std::nullopt;
    }
    page.what = job_of(read.at("search_parameters"), metadata);
    page.facts = facts_of(metadata);
    page.facts.raw_html_file = page.file;
    for (const auto& field : read.value("headers", json::array())) {
      page.headers.add(field.at(0).get<std::string>(), field.at(1).get<std::string>());
    }
    return page;
  } catch (const json::exception& e) {
    throw invalid_argument(std::string("no saved page and no record: ") + e.what());
  }
}

}  // namespace braid::fetch
