#include <algorithm>

#include <braid/http/hsts.hpp>

#include "cookies/cookie_text.hpp"
#include "hsts/host_key.hpp"

namespace braid::http {

std::string host_key(std::string_view host) {
  if (host.ends_with('.')) host.remove_suffix(1);
  std::string out(host);
  std::transform(out.begin(), out.end(), out.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
  const bool addressed = out.starts_with('[') || is_address(out);
  const bool broken = out.find_first_of(" \t\r\n\"") != out.npos || out.size() > 253;
  return addressed || broken ? std::string() : out;
}

hsts_store::hsts_store(hsts_limits limits) : limits_(limits) {}

void hsts_store::learn(const url& from, const headers& response, wall_time now) {
  if (from.scheme() != "https") return;
  const auto field = response.get("Strict-Transport-Security");
  if (!field) return;
  if (const auto policy = parse_hsts(*field)) add(from.host(), *policy, now);
}

void hsts_store::add(std::string_view host, const hsts_policy& policy, wall_time now) {
  const std::string key = host_key(host);
  if (key.empty()) return;
  const std::lock_guard lock(mutex_);
  if (policy.max_age <= std::chrono::seconds(0)) {
    hosts_.erase(key);
    return;
  }
  entry made;
  made.expires = now + std::min(policy.max_age, limits_.max_age);
  made.subdomains = policy.subdomains;
  keep(key, made);
}

void hsts_store::keep(std::string host, const entry& what) {
  if (limits_.hosts == 0) return;
  hosts_.insert_or_assign(std::move(host), what);
  if (hosts_.size() <= limits_.hosts) return;
  const auto sooner = [](const auto& a, const auto& b) { return a.second.expires < b.second.expires; };
  hosts_.erase(std::min_element(hosts_.begin(), hosts_.end(), sooner));
}

bool hsts_store::covers(std::string_view host, wall_time now) const {
  const std::string key = host_key(host);
  const std::lock_guard lock(mutex_);
  if (hosts_.empty()) return false;
  bool below = false;
  for (std::string_view name = key; !name.empty(); below = true) {
    const auto found = hosts_.find(name);
    if (found != hosts_.end() && found->second.expires > now && (!below || found->second.subdomains)) return true;
    const std::size_t dot = name.find('.');
    name.remove_prefix(dot == name.npos ? name.size() : dot + 1);
  }
  return false;
}

url hsts_store::secured(const url& to, wall_time now) const {
  if (to.scheme() != "http" || !covers(to.host(), now)) return to;
  return url::parse("https" + std::string(to.str().substr(4)));
}

std::size_t hsts_store::size() const {
  const std::lock_guard lock(mutex_);
  return hosts_.size();
}

}  // namespace braid::http
