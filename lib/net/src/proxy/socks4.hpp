#pragma once

#include "proxy/handshake.hpp"

namespace braid::net {

/// SOCKS 4 (to an IPv4 address) and 4a (to a name that the proxy resolves).
class socks4 final : public proxy_handshake {
 public:
  /// Throws: invalid_argument for an IPv6 address, and for a name with NUL or of more than 255 bytes.
  socks4(const proxy& with, const tunnel_target& to);

  step take(std::string_view input) override;
  std::size_t wanted() const override { return 8 - answer_.size(); }

 private:
  std::string answer_;
};

}  // namespace braid::net
