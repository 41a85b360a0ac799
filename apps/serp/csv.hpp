#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace braid::app {

/// One line a result: file, engine, page_kind, position, title, link, displayed_link, date, snippet, error. A page
/// without results is one line, so that no page is missing.
std::string csv_header();
std::string csv_rows(const std::string& file, const nlohmann::ordered_json& record);

}  // namespace braid::app
