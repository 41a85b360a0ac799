#pragma once

#include <braid/net/endpoint.hpp>
#include <optional>
#include <string_view>

namespace braid::net {

/// Addresses that begin with the same bits: "10.1.0.0/16", "fd00::/8"; a bare address is a range of one.
class address_range {
 public:
  /// Empty for what is neither an address nor address/bits.
  static std::optional<address_range> parse(std::string_view text);

  /// IPv4 and IPv6 contain none of the other.
  bool contains(const endpoint& address) const noexcept;

 private:
  endpoint base_;
  unsigned bits_ = 0;
};

}  // namespace braid::net
