#pragma once

#include <braid/net/address_range.hpp>
#include <braid/net/endpoint.hpp>
#include <cstdint>
#include <string_view>
#include <vector>

namespace braid::net {

/// What an address is for, as the registries of IANA for special addresses have it (RFC 6890). IPv4 addresses inside
/// IPv6 ones (mapped, compatible, translated, NAT64, 6to4) count as the IPv4 address they lead to.
enum class address_kind : std::uint8_t {
  global,         ///< anybody's, on the internet
  unspecified,    ///< 0.0.0.0/8, ::
  loopback,       ///< 127.0.0.0/8, ::1
  private_use,    ///< 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, fec0::/10
  shared,         ///< 100.64.0.0/10: carriers' NAT, clouds' insides
  link_local,     ///< 169.254.0.0/16, fe80::/10
  metadata,       ///< where clouds tell machines their secrets: 169.254.169.254, 168.63.129.16, fd00:ec2::254
  unique_local,   ///< fc00::/7
  multicast,      ///< 224.0.0.0/4, ff00::/8
  documentation,  ///< 192.0.2.0/24 and its like, 2001:db8::/32
  reserved,       ///< everything else that is nobody's: 240.0.0.0/4, 192.0.0.0/24, 198.18.0.0/15, 2001::/23, ...
  unix_socket,    ///< a path on this machine
};

address_kind classify(const endpoint& where) noexcept;

/// "loopback", "link-local", in words for messages.
std::string_view to_string(address_kind kind) noexcept;

/// Which addresses connections may lead to. The guard against requests that are forged to reach inside (SSRF): a
/// program that fetches what others name sets public_only().
///
///     options.addresses = net::address_policy::public_only().allow("10.1.2.0/24");
///
/// It is asked about each address that would be connected to, after resolution, so that neither a name that resolves to
/// the inside, nor one that resolves differently the second time, nor a redirect gets around it. Addresses of
/// resolve_override are asked about like those of the DNS. Unix sockets named in the options and proxies are the
/// program's own choice and not asked about; "unix:/path" as a host is. A proxy that resolves names itself reaches
/// whatever it likes: then only numeric hosts and "localhost" are checked here.
class address_policy {
 public:
  /// Allows all.
  address_policy() = default;

  /// Refuses all that is not address_kind::global.
  static address_policy public_only();

  /// Makes an exception for addresses, "10.1.2.3", "10.1.2.0/24" or "fd00::/8".
  /// Throws: invalid_argument for anything else.
  address_policy& allow(std::string_view range);

  bool allows(const endpoint& where) const noexcept { return !restricted_ || passes(where); }
  bool restricted() const noexcept { return restricted_; }

 private:
  bool passes(const endpoint& where) const noexcept;

  std::vector<address_range> allowed_;
  bool restricted_ = false;
};

}  // namespace braid::net
