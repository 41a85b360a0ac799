#include <algorithm>

#include <braid/http/cookies.hpp>

#include "cookies/cookie_text.hpp"

namespace braid::http {

namespace {

/// False for what is no host's name, and would be another one after its way through a file.
bool may_be_host(std::string_view domain) {
  return !domain.empty() && domain.front() != '.' && domain.find_first_of(" \t/\\;,?#@%") == domain.npos &&
         !has_controls(domain);
}

}  // namespace

cookie_jar::cookie_jar(cookie_limits limits) : limits_(limits) {}

cookie_jar::cookie_jar(const cookie_jar& other) {
  const std::lock_guard lock(other.mutex_);
  limits_ = other.limits_;
  domains_ = other.domains_;
  size_ = other.size_;
  serial_ = other.serial_;
}

cookie_jar& cookie_jar::operator=(const cookie_jar& other) {
  if (this == &other) return *this;
  cookie_jar copy(other);
  const std::lock_guard lock(mutex_);
  limits_ = copy.limits_;
  domains_ = std::move(copy.domains_);
  size_ = copy.size_;
  serial_ = copy.serial_;
  return *this;
}

// --- taking ----------------------------------------------------------------------------------------------------------

bool cookie_jar::store(const url& from, std::string_view field, wall_time now) {
  const auto asked = parse_set_cookie(field);
  if (!asked) return false;
  const std::lock_guard lock(mutex_);
  auto accepted = accept_cookie(*asked, from, limits_, now);
  return accepted && keep(std::move(*accepted), is_secure_context(from), now);
}

void cookie_jar::store(const url& from, const headers& response, wall_time now) {
  for (const std::string_view field : response.get_all("Set-Cookie")) store(from, field, now);
}

bool cookie_jar::add(cookie one, wall_time now) {
  one.domain = canonical_domain(one.domain);
  const bool clean = !has_controls(one.name) && !has_controls(one.value) && !has_controls(one.path) &&
                     one.name.find_first_of(";=") == one.name.npos && one.value.find(';') == one.value.npos &&
                     one.path.find(';') == one.path.npos;
  if (one.name.empty() || !may_be_host(one.domain) || !clean || !one.path.starts_with('/')) return false;
  if (!one.host_only && is_public_suffix(one.domain)) return false;
  if (breaks_prefix(one, true)) return false;
  const std::lock_guard lock(mutex_);
  if (one.name.size() + one.value.size() > limits_.cookie_bytes) return false;
  const wall_time last = now + std::chrono::duration_cast<wall_time::duration>(limits_.lifetime);
  if (one.expires) one.expires = std::min(*one.expires, last);
  one.created = one.accessed = now;
  return keep(std::move(one), true, now);
}

/// Puts it in the place of the one it replaces. One that has expired is how a server removes a cookie.
bool cookie_jar::keep(cookie&& one, bool from_secure, wall_time now) {
  if (!one.secure && !from_secure && hides_secure(one)) return false;
  const auto where = domains_.try_emplace(one.domain).first;
  domain_cookies& in = where->second;
  const auto old = std::find_if(in.begin(), in.end(), [&](const entry& e) {
    return e.name == one.name && e.path == one.path && e.host_only == one.host_only;
  });
  const bool gone = one.expired(now);
  if (old != in.end()) {
    one.created = old->created;
    static_cast<cookie&>(*old) = std::move(one);
    if (gone) {
      in.erase(old);
      --size_;
    }
  } else if (!gone) {
    entry& added = in.emplace_back();
    static_cast<cookie&>(added) = std::move(one);
    added.serial = ++serial_;
    ++size_;
    if (in.size() > limits_.per_domain) make_room(in, now);
  }
  if (in.empty()) domains_.erase(where);
  if (size_ > limits_.total) make_room_in_all(now);
  return true;
}

/// True for a cookie from an insecure place that would stand before a Secure one (RFC 6265bis, 5.7, step 12).
bool cookie_jar::hides_secure(const cookie& one) const {
  for (const auto& [domain, in] : domains_) {
    if (!domain_matches(domain, one.domain) && !domain_matches(one.domain, domain)) continue;
    const bool found = std::any_of(in.begin(), in.end(), [&](const entry& e) {
      return e.secure && e.name == one.name && path_matches(one.path, e.path);
    });
    if (found) return true;
  }
  return false;
}

// --- bounds ----------------------------------------------------------------------------------------------------------

/// Takes one domain's cookies down to their bound.
void cookie_jar::make_room(domain_cookies& in, wall_time now) {
  size_ -= std::erase_if(in, [&](const entry& e) { return e.expired(now); });
  while (in.size() > limits_.per_domain) {
    const auto worst = std::min_element(in.begin(), in.end(), [](const entry& a, const entry& b) {
      if (a.secure != b.secure) return !a.secure;
      return a.accessed != b.accessed ? a.accessed < b.accessed : a.serial < b.serial;
    });
    in.erase(worst);
    --size_;
  }
}

void cookie_jar::make_room_in_all(wall_time now) {
  for (auto& [domain, in] : domains_) size_ -= std::erase_if(in, [&](const entry& e) { return e.expired(now); });
  std::erase_if(domains_, [](const auto& one) { return one.second.empty(); });
  while (size_ > limits_.total) {
    auto from = domains_.end();
    domain_cookies::iterator worst;
    for (auto domain = domains_.begin(); domain != domains_.end(); ++domain) {
      const auto least =
          std::min_element(domain->second.begin(), domain->second.end(), [](const auto& a, const auto& b) {
            return a.accessed != b.accessed ? a.accessed < b.accessed : a.serial < b.serial;
          });
      const bool older = from == domains_.end() || least->accessed < worst->accessed ||
                         (least->accessed == worst->accessed && least->serial < worst->serial);
      if (older) {
        from = domain;
        worst = least;
      }
    }
    from->second.erase(worst);
    --size_;
    if (from->second.empty()) domains_.erase(from);
  }
}

// --- giving ----------------------------------------------------------------------------------------------------------

std::string cookie_jar::header_for(const url& to, wall_time now) {
  const std::string_view host = to.host_name();
  const bool secure = is_secure_context(to);
  const std::lock_guard lock(mutex_);
  std::vector<entry*> chosen;
  // The host itself, then each domain above it.
  for (std::string_view domain = host; !domain.empty();) {
    const auto found = domains_.find(domain);
    if (found != domains_.end()) {
      for (entry& e : found->second) {
        const bool fits = (domain == host || !e.host_only) && (secure || !e.secure) && !e.expired(now) &&
                          path_matches(to.path(), e.path);
        if (fits) chosen.push_back(&e);
      }
    }
    const std::size_t dot = domain.find('.');
    if (dot == domain.npos || is_address(host)) break;
    domain.remove_prefix(dot + 1);
  }
  std::sort(chosen.begin(), chosen.end(), [](const entry* a, const entry* b) {
    if (a->path.size() != b->path.size()) return a->path.size() > b->path.size();
    return a->serial < b->serial;
  });
  std::string out;
  for (entry* e : chosen) {
    if (out.size() + e->name.size() + e->value.size() + 3 > limits_.header_bytes) continue;
    if (!out.empty()) out += "; ";
    out.append(e->name).append(1, '=').append(e->value);
    e->accessed = now;
  }
  return out;
}

std::vector<cookie_jar::entry> cookie_jar::sorted(wall_time now) const {
  const std::lock_guard lock(mutex_);
  std::vector<entry> all;
  for (const auto& [domain, in] : domains_) {
    std::copy_if(in.begin(), in.end(), std::back_inserter(all), [&](const entry& e) { return !e.expired(now); });
  }
  std::sort(all.begin(), all.end(), [](const entry& a, const entry& b) { return a.serial < b.serial; });
  return all;
}

std::vector<cookie> cookie_jar::cookies(wall_time now) const {
  const std::vector<entry> all = sorted(now);
  return {all.begin(), all.end()};
}

std::size_t cookie_jar::size() const {
  const std::lock_guard lock(mutex_);
  return size_;
}

void cookie_jar::clear() {
  const std::lock_guard lock(mutex_);
  domains_.clear();
  size_ = 0;
}

void cookie_jar::end_session() {
  const std::lock_guard lock(mutex_);
  for (auto& [domain, in] : domains_) size_ -= std::erase_if(in, [](const entry& e) { return !e.expires; });
  std::erase_if(domains_, [](const auto& one) { return one.second.empty(); });
}

}  // namespace braid::http
