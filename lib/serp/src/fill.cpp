#include <braid/serp/fill.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "definition.hpp"

namespace braid::serp {
namespace {

using json = nlohmann::ordered_json;

/// Members of a record that are no blocks.
bool is_block(const std::string& name, const json& value) {
  if (name == "search_metadata" || name == "search_parameters" || name == "search_information" || name == "error")
    return false;
  return value.is_array() || value.is_object();
}

std::string share(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.0f %%", value * 100);
  return text;
}

std::string decimal(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", value);
  return text;
}

constexpr const char* rows_each_page = "organic_results per page";
constexpr const char* known_pages = "pages that the definition knows";

}  // namespace

void fill_counter::add_row(const std::string& block, const json& row) {
  auto& count = blocks_[block];
  ++count.rows;
  if (!row.is_object()) return;
  for (const auto& member : row.items())
    if (!member.value().empty() && member.value() != "") ++count.filled[member.key()];
}

void fill_counter::add(const json& record) {
  const auto metadata = record.find("search_metadata");
  if (metadata == record.end()) return;
  const auto kind = metadata->value("page_kind", std::string());
  if (kind == to_string(page_kind::unknown)) ++unknown_;
  if (kind != to_string(page_kind::results)) return;
  ++pages_;
  for (const auto& member : record.items()) {
    if (!is_block(member.key(), member.value())) continue;
    if (member.value().is_object()) {
      add_row(member.key(), member.value());
      continue;
    }
    for (const auto& row : member.value()) add_row(member.key(), row);
  }
}

void fill_counter::add(const fill_counter& other) {
  pages_ += other.pages_;
  unknown_ += other.unknown_;
  for (const auto& [name, count] : other.blocks_) {
    auto& own = blocks_[name];
    own.rows += count.rows;
    for (const auto& [member, filled] : count.filled) own.filled[member] += filled;
  }
}

std::size_t fill_counter::rows_of(const std::string& block) const {
  const auto found = blocks_.find(block);
  return found == blocks_.end() ? 0 : found->second.rows;
}

std::vector<fill_counter::field> fill_counter::fields() const {
  std::vector<field> all;
  for (const auto& [name, count] : blocks_)
    for (const auto& [member, filled] : count.filled) all.push_back({name + "." + member, count.rows, filled});
  return all;
}

fill_counter::field fill_counter::of(const std::string& name) const {
  field made;
  made.name = name;
  const auto dot = name.find('.');
  const auto block = blocks_.find(name.substr(0, dot));
  if (block == blocks_.end() || dot == std::string::npos) return made;
  made.rows = block->second.rows;
  const auto filled = block->second.filled.find(name.substr(dot + 1));
  if (filled != block->second.filled.end()) made.filled = filled->second;
  return made;
}

std::vector<drift> drifted(const engine& of, const fill_counter& seen, const drift_limits& limits) {
  std::vector<drift> fallen;
  const auto check = [&](const std::string& what, double expected, double got, std::size_t counted) {
    const double chance = 3 * std::sqrt(expected * (1 - expected) / static_cast<double>(counted));
    if (expected - got > std::max(limits.tolerance, chance)) fallen.push_back({what, expected, got, counted});
  };
  const auto pages = seen.pages() + seen.unknown_pages();
  if (pages >= limits.least_pages)
    check(known_pages, 1, static_cast<double>(seen.pages()) / static_cast<double>(pages), pages);
  const auto& baseline = of.rules().baseline;
  if (seen.pages() >= limits.least_pages && baseline.rows_per_page > 0) {
    const double each = static_cast<double>(seen.rows_of("organic_results")) / static_cast<double>(seen.pages());
    if (each < baseline.rows_per_page * (1 - 2 * limits.tolerance))
      fallen.push_back({rows_each_page, baseline.rows_per_page, each, seen.pages()});
  }
  for (const auto& [name, expected] : baseline.fields) {
    const auto now = seen.of(name);
    if (now.rows >= limits.least_rows) check(name, expected, now.rate(), now.rows);
  }
  return fallen;
}

std::string to_string(const drift& one) {
  if (one.what == rows_each_page)
    return one.what + ": " + decimal(one.got) + " on " + std::to_string(one.counted) + " pages, expected " +
           decimal(one.expected);
  return one.what + ": " + share(one.got) + " of " + std::to_string(one.counted) + ", expected " + share(one.expected);
}

}  // namespace braid::serp
