#include <braid/net/address_range.hpp>
#include <braid/net/proxy_settings.hpp>

namespace braid::net {

namespace {

bool same_text(std::string_view a, std::string_view b) noexcept {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (lower(a[i]) != lower(b[i])) return false;
  }
  return true;
}

bool matches_name(std::string_view token, std::string_view host) noexcept {
  if (token.ends_with('.')) token.remove_suffix(1);
  if (token.starts_with('.')) token.remove_prefix(1);
  if (token.empty() || token.size() > host.size()) return false;
  const std::string_view tail = host.substr(host.size() - token.size());
  return same_text(tail, token) && (tail.size() == host.size() || host[host.size() - tail.size() - 1] == '.');
}

}  // namespace

bool matches_no_proxy(std::string_view hosts, std::string_view host) noexcept {
  if (hosts == "*") return true;
  const std::optional<endpoint> address = endpoint::parse(host, 0);
  if (!address && host.ends_with('.')) host.remove_suffix(1);
  constexpr std::string_view between = ", \t";
  while (true) {
    const auto begin = hosts.find_first_not_of(between);
    if (begin == hosts.npos) return false;
    hosts.remove_prefix(begin);
    const std::string_view token = hosts.substr(0, hosts.find_first_of(between));
    hosts.remove_prefix(token.size());
    if (!address) {
      if (matches_name(token, host)) return true;
    } else if (const auto range = address_range::parse(token); range && range->contains(*address)) {
      return true;
    }
  }
}

}  // namespace braid::net
