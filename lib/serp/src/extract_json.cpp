#include "extract_json.hpp"

#include <optional>
#include <string>

namespace braid::serp {
namespace {

using json = nlohmann::ordered_json;

/// What a filter can work on; nothing for null, lists and objects.
std::optional<std::string> text_of(const json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_boolean() || value.is_number()) return value.dump();
  return std::nullopt;
}

std::optional<json> read_field(const field_rule& field, const json& item, const json& whole, const url& page) {
  const auto& from = field.from == field_source::page ? whole : item;
  json list = json::array();
  for (const auto& path : field.paths) {
    for (const auto* found : path.find(from)) {
      auto text = text_of(*found);
      if (text) text = apply(field.filters, std::move(*text), page);
      if (!text) continue;
      list.push_back(field.number ? json(std::stoll(*text)) : json(std::move(*text)));
      if (!field.all) return std::move(list.front());
    }
    if (!list.empty()) return list;
  }
  if (!field.otherwise) return std::nullopt;
  return field.all ? json::array({*field.otherwise}) : json(*field.otherwise);
}

std::optional<json> read_row(const alternative_rule& rule, const json& item, const json& whole, const url& page) {
  json value = json::object();
  for (const auto& field : rule.fields) {
    auto found = read_field(field, item, whole, page);
    if (found)
      value[field.name] = std::move(*found);
    else if (!field.optional)
      return std::nullopt;
  }
  for (const auto& block : rule.nested) {
    auto rows = extract(block, item, page);
    if (rows.empty()) continue;
    if (block.object) {
      value[block.name] = std::move(rows.front().value);
      continue;
    }
    auto& list = value[block.name] = json::array();
    for (auto& row : rows) list.push_back(std::move(row.value));
  }
  if (value.empty()) return std::nullopt;
  return value;
}

}  // namespace

std::vector<extracted_row> extract(const block_rule& block, const json& scope, const url& page) {
  std::vector<extracted_row> rows;
  for (const auto& alternative : block.alternatives) {
    for (const auto* item : alternative.row_path.find(scope))
      if (auto value = read_row(alternative, *item, scope, page))
        rows.push_back({static_cast<std::uint32_t>(rows.size()), std::move(*value)});
    if (!rows.empty() && !block.merge) break;
  }
  if (!block.unique.empty()) drop_repeated(block.unique, rows);
  return rows;
}

}  // namespace braid::serp
