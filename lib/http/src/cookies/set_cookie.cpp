#include <algorithm>

#include <braid/http/cookies.hpp>

#include "cookies/cookie_text.hpp"
#include "field_bytes.hpp"

namespace braid::http {

namespace {

constexpr std::size_t longest_attribute = 1024;  // RFC 6265bis, 5.6: a longer one is ignored

/// "a=b" into its trimmed halves; the second is empty without a '='.
std::pair<std::string_view, std::string_view> halves(std::string_view text) {
  const std::size_t equals = text.find('=');
  if (equals == text.npos) return {trimmed(text), {}};
  return {trimmed(text.substr(0, equals)), trimmed(text.substr(equals + 1))};
}

/// The text up to the next ';', which goes from `rest` too.
std::string_view take_piece(std::string_view& rest) {
  const std::size_t end = std::min(rest.find(';'), rest.size());
  const std::string_view piece = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return piece;
}

std::optional<std::chrono::seconds> parse_max_age(std::string_view text) {
  constexpr std::int64_t enough = 1'000'000'000'000;  // longer than any lifetime; more digits change nothing
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  if (text.empty()) return std::nullopt;
  std::int64_t value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = std::min(value * 10 + (c - '0'), enough);
  }
  return std::chrono::seconds(negative ? -value : value);
}

same_site parse_same_site(std::string_view text) {
  if (equal_ignoring_case(text, "None")) return same_site::none;
  if (equal_ignoring_case(text, "Lax")) return same_site::lax;
  if (equal_ignoring_case(text, "Strict")) return same_site::strict;
  return same_site::unspecified;
}

void take_attribute(set_cookie& out, std::string_view name, std::string_view value) {
  if (value.size() > longest_attribute) return;
  if (equal_ignoring_case(name, "Expires")) {
    if (const auto date = parse_cookie_date(value)) out.expires = date;
  } else if (equal_ignoring_case(name, "Max-Age")) {
    if (const auto age = parse_max_age(value)) out.max_age = age;
  } else if (equal_ignoring_case(name, "Domain")) {
    if (value.starts_with('.')) value.remove_prefix(1);
    out.domain = canonical_domain(value);
  } else if (equal_ignoring_case(name, "Path")) {
    out.path = value.starts_with('/') ? std::string(value) : std::string();
  } else if (equal_ignoring_case(name, "Secure")) {
    out.secure = true;
  } else if (equal_ignoring_case(name, "HttpOnly")) {
    out.http_only = true;
  } else if (equal_ignoring_case(name, "SameSite")) {
    out.site = parse_same_site(value);
  }
}

}  // namespace

std::optional<set_cookie> parse_set_cookie(std::string_view field) {
  if (has_controls(field)) return std::nullopt;
  const std::string_view pair = take_piece(field);
  if (pair.find('=') == pair.npos) return std::nullopt;
  const auto [name, value] = halves(pair);
  if (name.empty()) return std::nullopt;
  set_cookie out;
  out.name = name;
  out.value = value;
  while (!field.empty()) {
    const auto [attribute, text] = halves(take_piece(field));
    take_attribute(out, attribute, text);
  }
  return out;
}

}  // namespace braid::http
