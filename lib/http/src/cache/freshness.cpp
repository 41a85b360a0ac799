#include <algorithm>

#include <braid/http/cache_rules.hpp>
#include <braid/http/date.hpp>

#include "cache/field_list.hpp"

namespace braid::http {

namespace {

using std::chrono::seconds;

constexpr seconds longest_guess = std::chrono::hours(24 * 7);

/// Statuses whose responses may be kept without anything saying how long (RFC 9110, 15.1).
bool is_heuristic(int status) {
  switch (status) {
    case 200:
    case 203:
    case 204:
    case 300:
    case 404:
    case 405:
    case 410:
    case 414:
    case 501:
      return true;
    default:
      return false;
  }
}

/// The date in a field; nothing where there is none, or where it is no date. In seconds, since nanoseconds do not reach
/// from one date that a server may write to another.
std::optional<std::chrono::sys_seconds> date_in(const stored_response& stored, std::string_view name) {
  const auto field = stored.fields.get(name);
  return field ? parse_date(*field, stored.received) : std::nullopt;
}

std::chrono::sys_seconds date_of(const stored_response& stored) {
  return date_in(stored, "Date").value_or(std::chrono::floor<seconds>(stored.received));
}

seconds whole(wall_time::duration span) { return std::chrono::duration_cast<seconds>(span); }

/// May it be used when its lifetime is over by so much?
bool is_stale_allowed(seconds staleness, const cache_control& response, const cache_control& request) {
  if (response.must_revalidate) return false;
  return request.max_stale && staleness <= *request.max_stale;
}

}  // namespace

seconds freshness_lifetime(const stored_response& stored) {
  const cache_control control = parse_cache_control(stored.fields);
  if (control.max_age) return *control.max_age;
  const std::chrono::sys_seconds date = date_of(stored);
  if (stored.fields.has("Expires")) {
    const auto end = date_in(stored, "Expires");
    return end && *end > date ? *end - date : seconds(0);
  }
  if (!is_heuristic(stored.status) && !control.is_public) return seconds(0);
  const auto since = date_in(stored, "Last-Modified");
  if (!since || *since >= date) return seconds(0);
  return std::min((date - *since) / 10, longest_guess);
}

seconds current_age(const stored_response& stored, wall_time now) {
  const seconds apparent = std::max(seconds(0), std::chrono::floor<seconds>(stored.received) - date_of(stored));
  seconds age(0);
  if (const auto field = stored.fields.get("Age")) {
    const auto members = list_members(*field);
    if (!members.empty()) age = parse_delta_seconds(members.front()).value_or(seconds(0));
  }
  const seconds corrected = age + std::max(seconds(0), whole(stored.received - stored.requested));
  return std::max(apparent, corrected) + std::max(seconds(0), whole(now - stored.received));
}

cache_verdict judge(const stored_response* stored, const cache_control& request, wall_time now) {
  const cache_verdict without = request.only_if_cached ? cache_verdict::unavailable : cache_verdict::fetch;
  if (!stored) return without;
  const cache_verdict ask = request.only_if_cached ? cache_verdict::unavailable : cache_verdict::validate;
  const cache_control response = parse_cache_control(stored->fields);
  if (request.no_cache || response.no_cache) return ask;
  const seconds age = current_age(*stored, now), lifetime = freshness_lifetime(*stored);
  if (request.max_age && age > *request.max_age) return ask;
  if (request.min_fresh && lifetime - age < *request.min_fresh) return ask;
  if (age < lifetime) return cache_verdict::serve;
  const seconds staleness = age - lifetime;
  if (is_stale_allowed(staleness, response, request)) return cache_verdict::serve;
  if (!response.must_revalidate && response.stale_while_revalidate && staleness <= *response.stale_while_revalidate) {
    return request.only_if_cached ? cache_verdict::serve : cache_verdict::serve_and_refresh;
  }
  return ask;
}

bool may_serve_on_error(const stored_response& stored, const cache_control& request, wall_time now) {
  const cache_control response = parse_cache_control(stored.fields);
  if (response.must_revalidate || response.no_cache || request.no_cache) return false;
  const auto window = response.stale_if_error ? response.stale_if_error : request.stale_if_error;
  return window && current_age(stored, now) - freshness_lifetime(stored) <= *window;
}

bool may_store(std::string_view method, const cache_control& request, int status, const headers& response) {
  if (method != "GET" || request.no_store || status < 200) return false;
  // A part, a redirect, a validation: only whole answers are kept.
  if (status == 206 || status == 304 || (status / 100 == 3 && response.has("Location"))) return false;
  const cache_control control = parse_cache_control(response);
  const bool understood = is_heuristic(status);
  if (control.must_understand ? !understood : control.no_store) return false;
  for (const std::string_view field : response.get_all("Vary")) {
    const auto names = list_members(field);
    if (std::find(names.begin(), names.end(), "*") != names.end()) return false;
  }
  const bool has_validator = response.has("ETag") || response.has("Last-Modified");
  return control.max_age || response.has("Expires") || control.is_public || control.stale_if_error ||
         (understood && has_validator);
}

bool invalidates(std::string_view method, int status) noexcept {
  const bool safe = method == "GET" || method == "HEAD" || method == "OPTIONS" || method == "TRACE";
  return !safe && status >= 200 && status < 400;
}

}  // namespace braid::http
