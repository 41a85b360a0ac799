#include <braid/core/error.hpp>
#include <braid/net/connector.hpp>
#include <charconv>

namespace braid::net {

namespace {

[[noreturn]] void refuse(std::string_view text) {
  throw invalid_argument("'" + std::string(text) + "' is not host:port:address[,address...]");
}

bool same_name(std::string_view a, std::string_view b) noexcept {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (lower(a[i]) != lower(b[i])) return false;
  }
  return true;
}

}  // namespace

resolve_override::resolve_override(std::string host, std::uint16_t port, std::vector<endpoint> addresses)
    : host_(std::move(host)), port_(port), addresses_(std::move(addresses)) {
  for (endpoint& address : addresses_) address.set_port(port_);
}

resolve_override resolve_override::parse(std::string_view text) {
  const auto host_end = text.find(':');
  const auto port_end = host_end == text.npos ? text.npos : text.find(':', host_end + 1);
  if (port_end == text.npos || host_end == 0) refuse(text);
  const std::string_view digits = text.substr(host_end + 1, port_end - host_end - 1);
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (error != std::errc() || end != digits.data() + digits.size()) refuse(text);

  std::vector<endpoint> addresses;
  std::string_view rest = text.substr(port_end + 1);
  while (true) {
    const auto comma = rest.find(',');
    const std::optional<endpoint> one = endpoint::parse(rest.substr(0, comma), port);
    if (!one) refuse(text);
    addresses.push_back(*one);
    if (comma == rest.npos) break;
    rest.remove_prefix(comma + 1);
  }
  return resolve_override(std::string(text.substr(0, host_end)), port, std::move(addresses));
}

bool resolve_override::applies_to(std::string_view host, std::uint16_t port) const noexcept {
  return port == port_ && (host_ == "*" || same_name(host_, host));
}

}  // namespace braid::net
