#include <algorithm>
#include <array>
#include <braid/core/error.hpp>
#include <braid/net/address_policy.hpp>

#include "address_octets.hpp"

namespace braid::net {

namespace {

template <std::size_t Size>
struct block {
  std::array<std::uint8_t, Size> base;
  unsigned bits;
  address_kind kind;
};

template <class Table>
address_kind find(const Table& table, octets address) noexcept {
  for (const auto& one : table) {
    if (begins_with(address, one.base, one.bits)) return one.kind;
  }
  return address_kind::global;
}

using enum address_kind;

// The narrower block stands before the one around it.
constexpr std::array<block<4>, 20> v4_blocks{{
    {{0, 0, 0, 0}, 8, unspecified},         {{10, 0, 0, 0}, 8, private_use},       {{100, 100, 100, 200}, 32, metadata},
    {{100, 64, 0, 0}, 10, shared},          {{127, 0, 0, 0}, 8, loopback},         {{168, 63, 129, 16}, 32, metadata},
    {{169, 254, 169, 254}, 32, metadata},   {{169, 254, 0, 0}, 16, link_local},    {{172, 16, 0, 0}, 12, private_use},
    {{192, 0, 0, 192}, 32, metadata},       {{192, 0, 0, 0}, 24, reserved},        {{192, 0, 2, 0}, 24, documentation},
    {{192, 88, 99, 0}, 24, reserved},       {{192, 168, 0, 0}, 16, private_use},   {{198, 18, 0, 0}, 15, reserved},
    {{198, 51, 100, 0}, 24, documentation}, {{203, 0, 113, 0}, 24, documentation}, {{224, 0, 0, 0}, 4, multicast},
    {{255, 255, 255, 255}, 32, reserved},   {{240, 0, 0, 0}, 4, reserved},
}};

constexpr std::array<block<16>, 10> v6_blocks{{
    {{0xfd, 0, 0x0e, 0xc2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x02, 0x54}, 128, metadata},
    {{0xfc}, 7, unique_local},
    {{0xfe, 0x80}, 10, link_local},
    {{0xfe, 0xc0}, 10, private_use},
    {{0xff}, 8, multicast},
    {{0x20, 0x01, 0x0d, 0xb8}, 32, documentation},
    {{0x20, 0x01, 0x00}, 23, reserved},  // Teredo and other protocols' own
    {{0x3f, 0xff}, 20, documentation},
    {{0x20}, 3, global},
    {{}, 0, reserved},  // nothing else is given out: discard, segment routing, local NAT64, ...
}};

// Prefixes with an IPv4 address behind them: mapped, translated, NAT64, 6to4, compatible.
struct carrier {
  std::array<std::uint8_t, 16> base;
  unsigned bits;
};
constexpr std::array<carrier, 5> carriers{{
    {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}, 96},
    {{0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0}, 96},
    {{0, 0x64, 0xff, 0x9b}, 96},
    {{0x20, 0x02}, 16},
    {{}, 96},
}};

address_kind classify_v6(octets address) noexcept {
  if (std::all_of(address.begin(), address.end(), [](std::uint8_t one) { return one == 0; })) return unspecified;
  if (std::all_of(address.begin(), address.end() - 1, [](std::uint8_t one) { return one == 0; }) && address[15] == 1) {
    return loopback;
  }
  for (const carrier& one : carriers) {
    if (begins_with(address, one.base, one.bits)) return find(v4_blocks, address.subspan(one.bits / 8, 4));
  }
  return find(v6_blocks, address);
}

}  // namespace

address_kind classify(const endpoint& where) noexcept {
  switch (where.family()) {
    case AF_INET:
      return find(v4_blocks, octets_of(where));
    case AF_INET6:
      return classify_v6(octets_of(where));
    case AF_UNIX:
      return unix_socket;
    default:
      return unspecified;
  }
}

std::string_view to_string(address_kind kind) noexcept {
  switch (kind) {
    case global:
      return "public";
    case unspecified:
      return "unspecified";
    case loopback:
      return "loopback";
    case private_use:
      return "private";
    case shared:
      return "shared between carriers' customers";
    case link_local:
      return "link-local";
    case metadata:
      return "a cloud's metadata service";
    case unique_local:
      return "unique local";
    case multicast:
      return "multicast";
    case documentation:
      return "for documentation";
    case reserved:
      return "reserved";
    case unix_socket:
      return "a Unix socket";
  }
  return "unknown";
}

address_policy address_policy::public_only() {
  address_policy out;
  out.restricted_ = true;
  return out;
}

address_policy& address_policy::allow(std::string_view text) {
  const std::optional<address_range> range = address_range::parse(text);
  if (!range) throw invalid_argument("'" + std::string(text) + "' is neither an address nor address/bits");
  allowed_.push_back(*range);
  return *this;
}

bool address_policy::passes(const endpoint& where) const noexcept {
  return classify(where) == global ||
         std::any_of(allowed_.begin(), allowed_.end(), [&](const address_range& one) { return one.contains(where); });
}

}  // namespace braid::net
