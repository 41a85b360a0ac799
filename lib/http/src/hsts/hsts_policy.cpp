#include <algorithm>
#include <set>

#include <braid/http/hsts.hpp>

#include "field_bytes.hpp"

namespace braid::http {

namespace {

constexpr std::chrono::seconds longest = std::chrono::days(365 * 100);  // so that a date can be made of it

std::string_view take_token(std::string_view& text) {
  std::size_t end = 0;
  while (end < text.size() && is_token(text.substr(end, 1))) ++end;
  const std::string_view out = text.substr(0, end);
  text.remove_prefix(end);
  return out;
}

/// A token or a quoted string; nothing for neither.
std::optional<std::string> take_value(std::string_view& text) {
  if (!text.starts_with('"')) {
    const std::string_view token = take_token(text);
    if (token.empty()) return std::nullopt;
    return std::string(token);
  }
  std::string out;
  for (text.remove_prefix(1); !text.empty(); text.remove_prefix(1)) {
    if (text.front() == '"') {
      text.remove_prefix(1);
      return out;
    }
    if (text.front() == '\\') text.remove_prefix(1);
    if (text.empty()) break;
    out += text.front();
  }
  return std::nullopt;
}

std::optional<std::chrono::seconds> seconds_of(const std::string& digits) {
  if (digits.empty()) return std::nullopt;
  std::int64_t value = 0;
  for (const char c : digits) {
    if (c < '0' || c > '9') return std::nullopt;
    value = std::min(value * 10 + (c - '0'), static_cast<std::int64_t>(longest.count()));
  }
  return std::chrono::seconds(value);
}

}  // namespace

std::optional<hsts_policy> parse_hsts(std::string_view field) {
  hsts_policy out;
  std::set<std::string> seen;
  for (;; field.remove_prefix(1)) {
    skip_blanks(field);
    std::string name(take_token(field));
    std::transform(name.begin(), name.end(), name.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
    skip_blanks(field);
    std::optional<std::string> value;
    if (field.starts_with('=')) {
      field.remove_prefix(1);
      skip_blanks(field);
      value = take_value(field);
      if (!value || name.empty()) return std::nullopt;
      skip_blanks(field);
    }
    if (!name.empty() && !seen.insert(name).second) return std::nullopt;
    if (name == "max-age") {
      const auto age = value ? seconds_of(*value) : std::nullopt;
      if (!age) return std::nullopt;
      out.max_age = *age;
    } else if (name == "includesubdomains") {
      if (value) return std::nullopt;
      out.subdomains = true;
    }
    if (field.empty()) break;
    if (field.front() != ';') return std::nullopt;
  }
  if (!seen.contains("max-age")) return std::nullopt;
  return out;
}

}  // namespace braid::http
