#include "extract.hpp"

#include <algorithm>
#include <set>

namespace braid::serp {
namespace {

using json = nlohmann::ordered_json;

/// Whether a row other than the one at `own` stands inside `around`.
bool holds_another(const std::vector<html::node>& rows, html::node around, html::node own) {
  auto row = std::lower_bound(rows.begin(), rows.end(), around.index(),
                              [](html::node n, std::uint32_t index) { return n.index() < index; });
  for (; row != rows.end() && row->index() < around.end(); ++row)
    if (!own.contains(*row)) return true;
  return false;
}

/// The element that belongs to a row: see alternative_rule.
html::node item_of(const alternative_rule& rule, const std::vector<html::node>& rows, html::node row) {
  if (rule.climb_to) {
    const auto up = html::closest(row.parent(), rule.climb_to);
    return up ? up : row;
  }
  if (!rule.climb) return row;
  auto item = row;
  for (auto up = row.parent(); up.is_element() && up.name() != "body"; up = up.parent()) {
    if (rule.stop && rule.stop.matches(up)) break;
    if (holds_another(rows, up, row)) break;
    item = up;
  }
  return item;
}

class row_reader {
 public:
  row_reader(html::node scope, html::node item, html::node row, const url& page)
      : scope_(scope), item_(item), row_(row), page_(page) {}

  std::optional<json> read(const field_rule& field) const {
    json list = json::array();
    const auto found = [&](const std::string& value) {
      list.push_back(field.number ? json(std::stoll(value)) : json(value));
      return !field.all;
    };
    each_value(field, found);
    if (list.empty() && field.otherwise) list.push_back(*field.otherwise);
    if (list.empty()) return std::nullopt;
    return field.all ? list : list.front();
  }

 private:
  html::node source(const field_rule& field) const {
    switch (field.from) {
      case field_source::row:
        return row_;
      case field_source::page:
        return scope_;
      default:
        return item_;
    }
  }

  /// Calls `take` with each value until it returns true.
  template <class Take>
  void each_value(const field_rule& field, Take take) const {
    const auto from = source(field);
    if (field.select.empty()) {
      if (auto value = value_of(field, from)) take(*value);
      return;
    }
    for (const auto& which : field.select) {
      bool any = false;
      auto found = html::select(from, which);
      if (which.matches(from, from)) found.insert(found.begin(), from);
      for (const auto n : found) {
        if (field.from == field_source::after_row && n.index() < row_.end()) continue;
        const auto value = value_of(field, n);
        if (!value) continue;
        if (take(*value)) return;
        any = true;
      }
      if (any) return;
    }
  }

  std::optional<std::string> value_of(const field_rule& field, html::node from) const {
    if (!field.attribute.empty()) {
      const auto value = from.attribute(field.attribute);
      if (!value) return std::nullopt;
      return apply(field.filters, std::string(*value), page_);
    }
    std::vector<html::node> without;
    if (field.exclude) without = html::select(from, field.exclude);
    const bool rest = field.from == field_source::after_row && field.select.empty();
    return apply(field.filters, from.text(without, rest ? row_ : html::node()), page_);
  }

  html::node scope_, item_, row_;
  const url& page_;
};

std::optional<json> read_row(const alternative_rule& rule, const row_reader& reader) {
  json value = json::object();
  for (const auto& field : rule.fields) {
    auto found = reader.read(field);
    if (found)
      value[field.name] = std::move(*found);
    else if (!field.optional)
      return std::nullopt;
  }
  return value;
}

void add_nested(const alternative_rule& rule, html::node item, const url& page, json& into) {
  for (const auto& block : rule.nested) {
    auto rows = extract(block, item, page);
    if (rows.empty()) continue;
    if (block.object) {
      into[block.name] = std::move(rows.front().value);
      continue;
    }
    auto& list = into[block.name] = json::array();
    for (auto& row : rows) list.push_back(std::move(row.value));
  }
}

bool is_inside_any(const std::vector<html::node>& places, html::node row) {
  return std::any_of(places.begin(), places.end(), [&](html::node place) { return place.contains(row); });
}

void extract_alternative(const alternative_rule& rule, html::node scope, const url& page,
                         std::vector<extracted_row>& into) {
  const auto rows = html::select(scope, rule.rows);
  if (rows.empty()) return;
  std::vector<html::node> places;
  if (rule.within) places = html::select(scope, rule.within);
  for (const auto row : rows) {
    if (rule.within && !is_inside_any(places, row)) continue;
    if (rule.exclude && rule.exclude.matches(row, scope)) continue;
    const auto item = item_of(rule, rows, row);
    auto value = read_row(rule, row_reader(scope, item, row, page));
    if (!value) continue;
    add_nested(rule, item, page, *value);
    if (value->empty()) continue;
    into.push_back({row.index(), std::move(*value)});
  }
}

}  // namespace

void drop_repeated(const std::string& field, std::vector<extracted_row>& rows) {
  std::set<std::string> seen;
  std::erase_if(rows, [&](const extracted_row& row) {
    const auto value = row.value.find(field);
    return value != row.value.end() && value->is_string() && !seen.insert(value->get<std::string>()).second;
  });
}

std::vector<extracted_row> extract(const block_rule& block, html::node scope, const url& page) {
  std::vector<extracted_row> rows;
  for (const auto& alternative : block.alternatives) {
    extract_alternative(alternative, scope, page, rows);
    if (!rows.empty() && !block.merge) break;
  }
  if (block.merge)
    std::sort(rows.begin(), rows.end(),
              [](const extracted_row& a, const extracted_row& b) { return a.index < b.index; });
  if (!block.unique.empty()) drop_repeated(block.unique, rows);
  return rows;
}

}  // namespace braid::serp
