#include <algorithm>

#include <braid/http/cache_rules.hpp>

#include "cache/field_list.hpp"
#include "field_bytes.hpp"

namespace braid::http {

namespace {

constexpr std::int64_t longest = std::int64_t(1) << 31;  // RFC 9111, 1.2.2: what is larger counts as this

std::chrono::seconds seconds_or_zero(std::string_view text) {
  return parse_delta_seconds(text).value_or(std::chrono::seconds(0));
}

void take_directive(cache_control& out, std::string_view name, const std::optional<std::string>& value) {
  const auto named = [&](std::string_view text) { return equal_ignoring_case(name, text); };
  const std::string_view argument = value ? std::string_view(*value) : std::string_view();
  if (named("no-store")) out.no_store = true;
  if (named("no-cache")) out.no_cache = true;  // with a list of fields too: more careful than it has to be
  if (named("must-revalidate")) out.must_revalidate = true;
  if (named("must-understand")) out.must_understand = true;
  if (named("only-if-cached")) out.only_if_cached = true;
  if (named("public")) out.is_public = true;
  if (named("max-age") && !out.max_age) out.max_age = seconds_or_zero(argument);
  if (named("max-stale")) out.max_stale = value ? seconds_or_zero(argument) : std::chrono::seconds(longest);
  if (named("min-fresh")) out.min_fresh = seconds_or_zero(argument);
  if (named("stale-while-revalidate")) out.stale_while_revalidate = seconds_or_zero(argument);
  if (named("stale-if-error")) out.stale_if_error = seconds_or_zero(argument);
}

}  // namespace

std::optional<std::chrono::seconds> parse_delta_seconds(std::string_view text) {
  if (text.empty()) return std::nullopt;
  std::int64_t value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = std::min(value * 10 + (c - '0'), longest);
  }
  return std::chrono::seconds(value);
}

std::vector<std::string_view> list_members(std::string_view field) {
  std::vector<std::string_view> out;
  bool quoted = false;
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= field.size(); ++i) {
    if (i < field.size()) {
      if (field[i] == '"') quoted = !quoted;
      if (quoted && field[i] == '\\') ++i;
      if (quoted || i >= field.size() || field[i] != ',') continue;
    }
    const std::string_view member = trimmed(field.substr(begin, i - begin));
    if (!member.empty()) out.push_back(member);
    begin = i + 1;
  }
  return out;
}

cache_control parse_cache_control(const headers& fields) {
  cache_control out;
  bool any = false;
  for (const std::string_view field : fields.get_all("Cache-Control")) {
    any = true;
    for (const std::string_view member : list_members(field)) {
      const std::size_t equals = member.find('=');
      std::optional<std::string> value;
      if (equals != member.npos) {
        value = member.substr(equals + 1);
        if (value->size() >= 2 && value->front() == '"' && value->back() == '"') {
          value = value->substr(1, value->size() - 2);
        }
      }
      take_directive(out, member.substr(0, equals), value);
    }
  }
  if (any) return out;
  for (const std::string_view field : fields.get_all("Pragma")) {
    for (const std::string_view member : list_members(field)) {
      if (equal_ignoring_case(member, "no-cache")) out.no_cache = true;
    }
  }
  return out;
}

}  // namespace braid::http
