#include "proxy/socks4.hpp"

#include <braid/core/error.hpp>

#include "address_octets.hpp"

namespace braid::net {

socks4::socks4(const proxy& with, const tunnel_target& to) {
  const octets address = to.address ? octets_of(*to.address) : octets();
  if (to.address && address.size() != 4) {
    throw invalid_argument("SOCKS 4 reaches IPv4 addresses only, not " + to.address->address());
  }
  if (!to.address && (to.host.empty() || to.host.size() > 255 || to.host.find('\0') != to.host.npos)) {
    throw invalid_argument("a host name that SOCKS 4a cannot carry");
  }
  output_ = "\x04\x01";
  output_ += static_cast<char>(to.port >> 8);
  output_ += static_cast<char>(to.port & 255);
  if (to.address) {
    output_.append(address.begin(), address.end());
  } else {
    output_.append({0, 0, 0, 1});  // says: a name follows
  }
  output_ += with.user();
  output_ += '\0';
  if (!to.address) output_ += to.host + '\0';
}

proxy_handshake::step socks4::take(std::string_view input) {
  answer_ += input.substr(0, wanted());
  if (!answer_.empty() && answer_[0] != 0) return fail(step::broken, "its answer is not SOCKS 4");
  if (wanted() > 0) return step::go_on;
  switch (static_cast<unsigned char>(answer_[1])) {
    case 90:
      return step::done;
    case 91:
      return fail(step::refused, "request rejected or failed");
    case 92:
      return fail(step::refused, "request rejected: it cannot ask our identd");
    case 93:
      return fail(step::refused, "request rejected: identd names another user");
    default:
      return fail(step::broken, "its answer is not SOCKS 4");
  }
}

}  // namespace braid::net
