#include "page_index.hpp"

#include <algorithm>
#include <fstream>

#include <nlohmann/json.hpp>

#include <braid/core/error.hpp>
#include <braid/core/percent.hpp>

namespace braid::app {
namespace {

using json = nlohmann::json;

std::optional<serp::page_kind> kind_named(const std::string& name) {
  if (name == "block") return serp::page_kind::blocked;
  if (name == "soft_block") return serp::page_kind::soft_blocked;
  if (name == "js_shell") return serp::page_kind::js_required;
  return serp::page_kind_from(name);
}

indexed_page read_entry(const json& line, const std::string& folder) {
  indexed_page page;
  page.file = folder + "/" + line.at("file").get<std::string>();
  page.engine = line.at("engine").get<std::string>();
  page.kind = kind_named(line.value("kind", std::string()));
  page.exhaustive = line.value("exhaustive", false);
  for (const auto& result : line.value("organic", json::array()))
    page.links.push_back(place_of(result.at("url").get<std::string>()));
  return page;
}

}  // namespace

std::string place_of(const std::string& link) {
  auto text = percent_decode(link);
  text.erase(std::min(text.find('#'), text.size()));
  const auto scheme = text.find("://");
  if (scheme != std::string::npos) text.erase(0, scheme + 3);
  if (text.starts_with("www.")) text.erase(0, 4);
  const auto host = std::min(text.find_first_of("/?"), text.size());
  std::transform(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(host), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; });
  auto end = std::min(text.find('?'), text.size());
  while (end > 0 && text[end - 1] == '/') text.erase(--end, 1);
  return text;
}

std::vector<indexed_page> read_index(const std::string& folder) {
  const auto name = folder + "/index.jsonl";
  std::ifstream in(name);
  if (!in) throw io_error("cannot read " + name + ": a folder with an index.jsonl is expected");
  std::vector<indexed_page> pages;
  std::size_t number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    if (line.empty()) continue;
    try {
      pages.push_back(read_entry(json::parse(line), folder));
    } catch (const json::exception& e) {
      throw invalid_argument(name + ":" + std::to_string(number) + ": " + e.what());
    }
  }
  return pages;
}

}  // namespace braid::app
