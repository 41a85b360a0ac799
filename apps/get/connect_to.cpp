#include "connect_to.hpp"

#include <algorithm>
#include <cstdlib>
#include <string_view>

#include <braid/http/headers.hpp>

#include "get_error.hpp"

namespace braid::get {

namespace {

std::string take_part(std::string_view& rest) {
  const bool v6 = rest.starts_with('[');
  const std::size_t end = std::min(rest.find(':', v6 ? std::min(rest.find(']'), rest.size()) : 0), rest.size());
  std::string out(rest.substr(0, end));
  rest.remove_prefix(std::min(end + 1, rest.size()));
  if (v6 && out.ends_with(']')) out = out.substr(1, out.size() - 2);
  return out;
}

connect_rule rule_of(std::string_view text) {
  connect_rule out;
  out.host = take_part(text);
  out.port = take_part(text);
  out.new_host = take_part(text);
  out.new_port = take_part(text);
  if (out.new_port.find_first_not_of("0123456789") != std::string::npos) {
    throw get_error(bad_resolve, "'" + out.new_port + "' is not a port in --connect-to");
  }
  return out;
}

}  // namespace

bool connect_rule::fits(const std::string& to, std::uint16_t at) const {
  return (host.empty() || http::equal_ignoring_case(host, to)) && (port.empty() || port == std::to_string(at));
}

std::vector<connect_rule> connect_rules(const std::vector<std::string>& texts) {
  std::vector<connect_rule> out;
  for (const std::string& text : texts) out.push_back(rule_of(text));
  return out;
}

bool redirect_connection(const std::vector<connect_rule>& rules, std::string& host, std::uint16_t& port) {
  const auto rule =
      std::find_if(rules.begin(), rules.end(), [&](const connect_rule& one) { return one.fits(host, port); });
  if (rule == rules.end()) return false;
  const std::string old_host = host;
  const std::uint16_t old_port = port;
  if (!rule->new_host.empty()) host = rule->new_host;
  if (!rule->new_port.empty()) port = static_cast<std::uint16_t>(std::atoi(rule->new_port.c_str()));
  return !http::equal_ignoring_case(host, old_host) || port != old_port;
}

}  // namespace braid::get
