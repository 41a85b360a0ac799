#include "proxy/handshake.hpp"

#include "proxy/http_connect.hpp"
#include "proxy/socks4.hpp"
#include "proxy/socks5.hpp"

namespace braid::net {

std::unique_ptr<proxy_handshake> make_handshake(const proxy& with, tunnel_target to,
                                                const std::vector<std::string>& fields,
                                                const std::string& authorization) {
  switch (with.kind()) {
    case proxy_kind::http:
    case proxy_kind::https:
      return std::make_unique<http_connect>(to, fields, authorization, with.is_http_1_0());
    case proxy_kind::socks4:
    case proxy_kind::socks4a:
      return std::make_unique<socks4>(with, to);
    case proxy_kind::socks5:
    case proxy_kind::socks5h:
      break;
  }
  return std::make_unique<socks5>(with, to);
}

}  // namespace braid::net
