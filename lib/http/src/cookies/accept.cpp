#include <algorithm>

#include <braid/http/cookies.hpp>

#include "cookies/cookie_text.hpp"

namespace braid::http {

namespace {

/// Max-Age goes before Expires.
std::optional<wall_time> expiry_of(const set_cookie& asked, duration lifetime, wall_time now) {
  const wall_time last = now + std::chrono::duration_cast<wall_time::duration>(lifetime);
  if (asked.max_age) {
    if (*asked.max_age <= std::chrono::seconds(0)) return now;
    const auto left = std::chrono::duration_cast<std::chrono::seconds>(last - now);
    return *asked.max_age >= left ? last : now + *asked.max_age;
  }
  if (asked.expires) return std::min(*asked.expires, last);
  return std::nullopt;
}

/// The domain it is for, or false when that is none of the host's business.
bool take_domain(cookie& out, std::string_view host, std::string_view domain) {
  out.domain = host;
  out.host_only = true;
  if (domain.empty()) return true;
  if (is_public_suffix(domain)) return domain == host;
  if (!domain_matches(host, domain)) return false;
  out.domain = domain;
  out.host_only = false;
  return true;
}

}  // namespace

std::optional<cookie> accept_cookie(const set_cookie& asked, const url& from, const cookie_limits& limits,
                                    wall_time now) {
  if (asked.name.size() + asked.value.size() > limits.cookie_bytes) return std::nullopt;
  cookie out;
  if (!take_domain(out, from.host_name(), asked.domain)) return std::nullopt;
  out.name = asked.name;
  out.value = asked.value;
  out.path = asked.path && !asked.path->empty() ? *asked.path : default_path(from.path());
  out.expires = expiry_of(asked, limits.lifetime, now);
  out.created = out.accessed = now;
  out.secure = asked.secure;
  out.http_only = asked.http_only;
  out.site = asked.site;
  if (out.secure && !is_secure_context(from)) return std::nullopt;
  if (out.site == same_site::none && !out.secure) return std::nullopt;
  if (breaks_prefix(out, asked.path.has_value())) return std::nullopt;
  return out;
}

}  // namespace braid::http
