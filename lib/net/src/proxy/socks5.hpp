#pragma once

#include "proxy/handshake.hpp"

namespace braid::net {

/// SOCKS 5 (RFC 1928), without authentication or with user and password (RFC 1929).
class socks5 final : public proxy_handshake {
 public:
  /// Throws: invalid_argument for a name that is empty or of more than 255 bytes.
  socks5(const proxy& with, const tunnel_target& to);

  step take(std::string_view input) override;
  std::size_t wanted() const override { return size_ - answer_.size(); }

 private:
  enum class stage : std::uint8_t { method, password, reply };

  step take_method();
  step take_reply();
  void expect(stage what, std::size_t size);

  std::string login_;    // empty without credentials
  std::string request_;  // sent once the proxy has let us in
  std::string answer_;   // of the present stage
  std::size_t size_ = 2;
  stage stage_ = stage::method;
};

}  // namespace braid::net
