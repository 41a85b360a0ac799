#include <algorithm>
#include <array>
#include <charconv>

#include <braid/http/cookies.hpp>

#include "take_line.hpp"

namespace braid::http {

namespace {

constexpr std::string_view heading =
    "# Netscape HTTP Cookie File\n"
    "# domain, names below it too, path, Secure, expiry in seconds since 1970 (0: session), name, value\n\n";
constexpr std::string_view http_only_mark = "#HttpOnly_";

bool is_flag(std::string_view text) { return equal_ignoring_case(text, "TRUE") || equal_ignoring_case(text, "FALSE"); }

/// The text up to the next tab, which goes from `rest` too.
std::string_view take_field(std::string_view& rest) {
  const std::size_t end = std::min(rest.find('\t'), rest.size());
  const std::string_view field = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return field;
}

std::optional<std::int64_t> number_of(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure == std::errc::result_out_of_range) return text.starts_with('-') ? 1 : INT64_MAX;
  if (failure != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<cookie> cookie_of(std::string_view line) {
  cookie out;
  out.http_only = line.starts_with(http_only_mark);
  if (out.http_only) line.remove_prefix(http_only_mark.size());
  if (line.empty() || line.front() == '#') return std::nullopt;
  std::string_view domain = take_field(line);
  if (domain.starts_with('.')) domain.remove_prefix(1);
  out.domain = domain;
  out.host_only = !equal_ignoring_case(take_field(line), "TRUE");
  std::string_view path = take_field(line), secure = path;
  // Some programs leave the path out.
  if (!is_flag(path)) {
    secure = take_field(line);
    if (path.starts_with('/')) out.path = path;
  }
  if (!is_flag(secure)) return std::nullopt;
  out.secure = equal_ignoring_case(secure, "TRUE");
  const auto expiry = number_of(take_field(line));
  if (!expiry) return std::nullopt;
  if (*expiry != 0) {
    constexpr std::int64_t last = std::chrono::floor<std::chrono::seconds>(wall_time::max()).time_since_epoch().count();
    out.expires = wall_time(std::chrono::seconds(std::clamp<std::int64_t>(*expiry, 1, last)));
  }
  out.name = take_field(line);
  out.value = line;
  return out;
}

void append_line(std::string& out, const cookie& one) {
  const bool fits = one.name.find('\t') == one.name.npos && one.path.find('\t') == one.path.npos;
  if (!fits) return;
  std::int64_t expiry = 0;
  if (one.expires) expiry = std::chrono::ceil<std::chrono::seconds>(*one.expires).time_since_epoch().count();
  if (one.http_only) out += http_only_mark;
  if (!one.host_only) out += '.';
  out += one.domain;
  out += one.host_only ? "\tFALSE\t" : "\tTRUE\t";
  out += one.path;
  out += one.secure ? "\tTRUE\t" : "\tFALSE\t";
  out += std::to_string(expiry);
  out += '\t';
  out += one.name;
  out += '\t';
  out += one.value;
  out += '\n';
}

}  // namespace

std::size_t cookie_jar::import_netscape(std::string_view text, wall_time now) {
  std::size_t taken = 0;
  while (!text.empty()) {
    auto one = cookie_of(take_line(text));
    if (!one || one->expired(now)) continue;
    if (add(std::move(*one), now)) ++taken;
  }
  return taken;
}

std::string cookie_jar::export_netscape(wall_time now) const {
  std::string out(heading);
  for (const entry& one : sorted(now)) append_line(out, one);
  return out;
}

}  // namespace braid::http
