#include <sys/socket.h>

#include <algorithm>
#include <braid/core/error.hpp>
#include <braid/net/resolver.hpp>

#include "attempt.hpp"
#include "connect_race.hpp"
#include "connect_socket.hpp"
#include "happy_eyeballs.hpp"

namespace braid::net {

namespace asio = boost::asio;

namespace {

constexpr std::string_view unix_prefix = "unix:";

/// Keeps what the policy allows. Throws when that is nothing.
void leave_out_forbidden(const attempt& of, guard checked, std::vector<endpoint>& addresses) {
  if (checked == guard::off || !of.options.addresses.restricted()) return;
  std::string refused;
  std::erase_if(addresses, [&](const endpoint& one) {
    if (of.options.addresses.allows(one)) return false;
    refused += (refused.empty() ? "" : ", ") + one.address() + " (" + std::string(to_string(classify(one))) + ")";
    return true;
  });
  if (addresses.empty()) throw address_refused("connect " + of.target + ": the address policy refuses " + refused);
}

/// Keeps what can be reached by the family asked for. Throws when that is nothing.
void leave_out_family(const attempt& of, const std::string& host, std::vector<endpoint>& addresses) {
  const std::optional<endpoint>& local = of.options.local;
  const address_family family = of.options.family;
  if (!local && family == address_family::any) return;
  const int only = local ? local->family() : family == address_family::ipv4 ? AF_INET : AF_INET6;
  std::erase_if(addresses, [only](const endpoint& one) { return one.family() != only && one.family() != AF_UNIX; });
  if (addresses.empty()) {
    throw resolve_error("resolve " + host + ": no " + (only == AF_INET ? "IPv4" : "IPv6") + " address");
  }
}

/// "connect h:80 (1.2.3.4): refused", "connect h:80: 1.2.3.4: refused; ::1: no route", "connect 1.2.3.4:80: refused"
std::string failure_text(const std::string& target, const std::vector<endpoint>& addresses,
                         const std::vector<boost::system::error_code>& errors) {
  std::string text = "connect " + target;
  if (addresses.size() == 1) {
    if (addresses[0].str() != target) text += " (" + addresses[0].address() + ")";
    return text + ": " + errors[0].message();
  }
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    text += (i == 0 ? ": " : "; ") + addresses[i].address() + ": " + errors[i].message();
  }
  return text;
}

}  // namespace

std::string target_text(const std::string& host, std::uint16_t port) {
  if (host.starts_with(unix_prefix)) return host;
  return (host.find(':') == host.npos ? host : "[" + host + "]") + ":" + std::to_string(port);
}

asio::awaitable<std::vector<endpoint>> addresses_of(attempt& of, const std::string& host, std::uint16_t port,
                                                    guard checked) {
  std::vector<endpoint> out;
  if (host.starts_with(unix_prefix)) {
    out.push_back(endpoint::unix_path(std::string_view(host).substr(unix_prefix.size())));
    leave_out_forbidden(of, checked, out);
    co_return out;
  }
  for (const resolve_override& given : of.options.overrides) {
    if (!given.applies_to(host, port)) continue;
    out = given.addresses();
    leave_out_family(of, host, out);
    leave_out_forbidden(of, checked, out);
    co_return out;
  }
  of.doing = "resolving " + host;
  const stopwatch watch(of, &connect_timings::resolve);
  try {
    out = co_await resolver::of(of.executor).resolve(host, port);
  } catch (const resolve_error&) {
    watch.stop();
    throw;
  }
  watch.stop();
  leave_out_family(of, host, out);
  leave_out_forbidden(of, checked, out);
  co_return out;
}

asio::awaitable<std::unique_ptr<transport>> dial(attempt& of, const std::string& host, std::uint16_t port,
                                                 guard checked) {
  std::vector<endpoint> addresses;
  if (!of.options.unix_path.empty()) {
    addresses.push_back(endpoint::unix_path(of.options.unix_path));
  } else {
    addresses = interleave(co_await addresses_of(of, host, port, checked));
  }
  if (addresses.size() > of.options.max_addresses) addresses.resize(std::max<std::size_t>(1, of.options.max_addresses));
  const attempt_function one = [&](std::size_t which, boost::system::error_code& error) {
    of.doing = "connecting to " + addresses[which].str();
    if (which > 0) of.doing += " and " + std::to_string(which) + " before it";
    return try_connect(addresses[which], of.options.local, error);
  };
  const stopwatch watch(of, &connect_timings::connect);
  std::vector<boost::system::error_code> errors;
  std::unique_ptr<transport> connected = co_await race(addresses.size(), of.options.attempt_delay, one, errors);
  watch.stop();
  if (!connected) throw connect_error(failure_text(target_text(host, port), addresses, errors));
  co_return connected;
}

}  // namespace braid::net
