#pragma once

#include <netinet/in.h>

#include <algorithm>
#include <braid/net/endpoint.hpp>
#include <cstdint>
#include <span>

namespace braid::net {

using octets = std::span<const std::uint8_t>;

/// The address as it goes over the network: 4 bytes, 16, or none for a Unix socket.
inline octets octets_of(const endpoint& where) noexcept {
  if (where.family() == AF_INET) {
    const in_addr& bare = reinterpret_cast<const sockaddr_in*>(where.data())->sin_addr;
    return {reinterpret_cast<const std::uint8_t*>(&bare), 4};
  }
  if (where.family() == AF_INET6) {
    const in6_addr& bare = reinterpret_cast<const sockaddr_in6*>(where.data())->sin6_addr;
    return {reinterpret_cast<const std::uint8_t*>(&bare), 16};
  }
  return {};
}

inline bool begins_with(octets address, octets base, unsigned bits) noexcept {
  const std::size_t whole = bits / 8;
  if (!std::equal(base.begin(), base.begin() + static_cast<std::ptrdiff_t>(whole), address.begin())) return false;
  const unsigned rest = bits % 8;
  return rest == 0 || ((address[whole] ^ base[whole]) >> (8 - rest)) == 0;
}

}  // namespace braid::net
