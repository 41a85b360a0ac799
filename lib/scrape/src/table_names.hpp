#pragma once

#include <algorithm>
#include <braid/core/error.hpp>
#include <braid/scrape/table_sink.hpp>
#include <string>

namespace braid::scrape {

inline bool is_name(const std::string& text) {
  const auto fits = [](unsigned char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  return !text.empty() && text.size() < 60 && std::all_of(text.begin(), text.end(), fits);
}

/// They become part of SQL. Throws invalid_argument.
inline void check_names(const table_layout& layout) {
  if (!is_name(layout.name)) throw invalid_argument("'" + layout.name + "' is no name of a table");
  if (layout.columns.empty()) throw invalid_argument("table " + layout.name + " has no columns, and so no key");
  for (const auto& column : layout.columns) {
    const bool good = is_name(column.name) && std::all_of(column.path.begin(), column.path.end(), is_name);
    if (!good) throw invalid_argument("'" + column.name + "' is no name of a column, or its path is none");
  }
}

/// A JSON text whose strings hold no NUL: databases end a string there, or refuse it. It becomes U+FFFD, as other
/// characters that cannot be.
inline std::string without_nul(const std::string& json) {
  std::string text = json;
  for (auto at = text.find('\\'); at != std::string::npos; at = text.find('\\', at + 2)) {
    if (text.compare(at, 6, "\\u0000") == 0) text.replace(at, 6, "\\ufffd");
  }
  return text;
}

}  // namespace braid::scrape
