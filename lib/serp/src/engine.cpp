#include <braid/serp/engine.hpp>

#include <cstdlib>

#include <braid/core/error.hpp>
#include <braid/core/percent.hpp>

#include "definition.hpp"
#include "loader.hpp"

namespace braid::serp {
namespace {

using variables = std::map<std::string, std::string>;

variables variables_of(const request_rules& rules, const search_request& what) {
  auto all = rules.defaults;
  const auto put = [&](const char* name, const std::string& value) {
    if (!value.empty()) all[name] = value;
  };
  put("q", what.q);
  put("gl", what.gl);
  put("hl", what.hl);
  put("google_domain", what.google_domain);
  put("location", what.location);
  put("device", what.device);
  put("safe", what.safe);
  put("tbs", what.tbs);
  if (what.num > 0) all["num"] = std::to_string(what.num);
  const int size = what.num > 0 ? what.num : rules.page_size;
  const int start = what.start > 0 ? what.start : (what.page - 1) * size;
  // The first page is what an engine shows without being asked for it.
  if (start > 0) {
    all["start"] = std::to_string(start + rules.first_offset);
    all["page"] = std::to_string(start / size + 1);
    all["page0"] = std::to_string(start / size);
  }
  return all;
}

/// Keys for APIs come from the environment. Only names that are braid's own: a definition that somebody gave away could
/// otherwise send the user's other secrets to its server.
std::optional<std::string> value_of(const std::string& name, const variables& with) {
  constexpr std::string_view environment = "env:";
  if (name.starts_with("env:BRAID_")) {
    const char* set = std::getenv(name.c_str() + environment.size());
    if (set == nullptr || *set == '\0') return std::nullopt;
    return std::string(set);
  }
  const auto found = with.find(name);
  if (found == with.end()) return std::nullopt;
  return found->second;
}

/// The text with its {variables}; nothing if one of them is not there.
std::optional<std::string> filled(const std::string& text, const variables& with, bool encode) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const auto open = text.find('{', at);
    const auto close = open == std::string::npos ? open : text.find('}', open);
    if (close == std::string::npos) return out + text.substr(at);
    out += text.substr(at, open - at);
    const auto value = value_of(text.substr(open + 1, close - open - 1), with);
    if (!value) return std::nullopt;
    out += encode ? percent_encode(*value) : *value;
    at = close + 1;
  }
  return out;
}

query_pairs filled(const std::vector<parameter_rule>& rules, const variables& with) {
  query_pairs all;
  for (const auto& rule : rules) {
    auto value = filled(rule.value, with, false);
    if (!value) continue;
    if (!rule.map.empty()) {
      const auto word = rule.map.find(*value);
      if (word == rule.map.end()) continue;
      value = word->second;
    }
    all.emplace_back(rule.name, std::move(*value));
  }
  return all;
}

}  // namespace

engine engine::load(std::string_view json, std::string_view source) {
  return engine(std::make_shared<const definition>(load_definition(json, source)));
}

const std::string& engine::name() const { return definition_->name; }
const std::string& engine::title() const { return definition_->title; }
const std::string& engine::version() const { return definition_->version; }
const std::string& engine::source() const { return definition_->source; }

std::vector<std::string> engine::blocks() const {
  std::vector<std::string> names;
  for (const auto& block : definition_->blocks) names.push_back(block.name);
  return names;
}

engine_request build_request(const engine& of, const search_request& what) {
  if (what.q.empty()) throw invalid_argument("a search needs a query");
  if (what.page < 1) throw invalid_argument("pages are counted from 1");
  const auto& rules = of.rules().request;
  const auto with = variables_of(rules, what);
  const auto base = filled(rules.url, with, true);
  if (!base) throw invalid_argument("the URL of " + of.name() + " has a variable without a value");
  engine_request made;
  const auto query = form_encode(filled(rules.parameters, with));
  made.url = query.empty() ? *base : *base + (base->find('?') == std::string::npos ? '?' : '&') + query;
  for (auto& [name, value] : filled(rules.headers, with)) {
    // Values come from the caller: a line break would become a header field of its own.
    if (value.find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos)
      throw invalid_argument("the header field " + name + " cannot hold a line break");
    made.headers.emplace_back(name, value);
  }
  return made;
}

std::string build_url(const engine& of, const search_request& what) { return build_request(of, what).url; }

}  // namespace braid::serp
