#include <braid/net/address_range.hpp>
#include <charconv>

#include "address_octets.hpp"

namespace braid::net {

std::optional<address_range> address_range::parse(std::string_view text) {
  const auto slash = text.find('/');
  const std::optional<endpoint> base = endpoint::parse(text.substr(0, slash), 0);
  if (!base) return std::nullopt;
  address_range out;
  out.base_ = *base;
  const auto most = static_cast<unsigned>(octets_of(*base).size() * 8);
  out.bits_ = most;
  if (slash != text.npos) {
    const char* const last = text.data() + text.size();
    const auto [end, error] = std::from_chars(text.data() + slash + 1, last, out.bits_);
    if (error != std::errc() || end != last || out.bits_ > most) return std::nullopt;
  }
  return out;
}

bool address_range::contains(const endpoint& address) const noexcept {
  const octets own = octets_of(base_), other = octets_of(address);
  return own.size() == other.size() && !other.empty() && begins_with(other, own, bits_);
}

}  // namespace braid::net
