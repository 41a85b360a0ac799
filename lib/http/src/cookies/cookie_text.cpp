#include "cookies/cookie_text.hpp"

#include <algorithm>

#include <braid/http/cookies.hpp>

namespace braid::http {

bool has_controls(std::string_view text) noexcept {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto u = static_cast<unsigned char>(c);
    return (u < 0x20 && u != '\t') || u == 0x7F;
  });
}

std::string canonical_domain(std::string_view domain) {
  std::string lower(domain);
  bool ascii = true;
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    ascii = ascii && static_cast<unsigned char>(c) < 0x80;
  }
  if (ascii) return lower;
  const bool only_host = domain.find_first_of("/\\?#@:% \t") == domain.npos;
  const auto parsed = only_host ? url::try_parse("http://" + lower + "/") : std::nullopt;
  return parsed ? std::string(parsed->host()) : lower;
}

bool is_address(std::string_view host) noexcept {
  if (host.find(':') != host.npos) return true;
  return !host.empty() && host.find_first_not_of("0123456789.") == host.npos;
}

std::string default_path(std::string_view path) {
  const std::size_t last = path.rfind('/');
  if (last == path.npos || last == 0) return "/";
  return std::string(path.substr(0, last));
}

bool is_secure_context(const url& where) {
  const std::string_view host = where.host_name();
  return where.is_secure() || host == "localhost" || host == "127.0.0.1" || host == "::1";
}

bool breaks_prefix(const cookie& one, bool has_path) {
  const auto begins = [&](std::string_view prefix) {
    return equal_ignoring_case(std::string_view(one.name).substr(0, prefix.size()), prefix);
  };
  if (begins("__Secure-")) return !one.secure;
  if (begins("__Host-")) return !one.secure || !one.host_only || !has_path || one.path != "/";
  return false;
}

bool domain_matches(std::string_view host, std::string_view domain) noexcept {
  if (host == domain) return true;
  return !domain.empty() && host.size() > domain.size() && host.ends_with(domain) &&
         host[host.size() - domain.size() - 1] == '.' && !is_address(host);
}

bool path_matches(std::string_view path, std::string_view cookie_path) noexcept {
  if (!path.starts_with(cookie_path)) return false;
  return path.size() == cookie_path.size() || cookie_path.ends_with('/') || path[cookie_path.size()] == '/';
}

}  // namespace braid::http
