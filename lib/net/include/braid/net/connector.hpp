#pragma once

#include <braid/core/clock.hpp>
#include <braid/net/address_policy.hpp>
#include <braid/net/endpoint.hpp>
#include <braid/net/proxy.hpp>
#include <braid/net/tls_options.hpp>
#include <braid/net/transport.hpp>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace braid::net {

/// Answers given instead of asking the DNS, as curl's --resolve: "example.org:443:127.0.0.1".
class resolve_override {
 public:
  /// Throws: invalid_argument unless `text` is "host:port:address[,address...]", IPv6 addresses in brackets or not.
  static resolve_override parse(std::string_view text);

  resolve_override(std::string host, std::uint16_t port, std::vector<endpoint> addresses);

  bool applies_to(std::string_view host, std::uint16_t port) const noexcept;
  const std::vector<endpoint>& addresses() const noexcept { return addresses_; }

 private:
  std::string host_;
  std::uint16_t port_;
  std::vector<endpoint> addresses_;
};

/// Where the time of connecting went. A step that was not taken is zero.
struct connect_timings {
  duration resolve{};
  duration connect{};
  duration tls{};
};

enum class address_family : std::uint8_t { any, ipv4, ipv6 };

/// Says what Proxy-Authorization a CONNECT is to have; empty for none. It is asked before the first one, with no
/// challenges, and again with the values of Proxy-Authenticate when a proxy answers 407; empty gives up then. `target`
/// is what stands in the request line.
using proxy_authorizer =
    std::function<std::string(std::string_view target, const std::vector<std::string>& challenges)>;

/// What a tunnel_tap is told of.
enum class tunnel_event : std::uint8_t {
  head_sent,      ///< a CONNECT with its fields, the credentials among them
  head_received,  ///< lines of the answer's head, as they came
};

/// Called with what passes while an HTTP proxy opens a tunnel. It may not throw.
using tunnel_tap = std::function<void(tunnel_event, std::string_view)>;

/// How connect() goes about it.
class connect_options {
 public:
  connect_options() = default;

  /// Speak TLS over the connection.
  std::optional<tls_options> tls;

  /// The name that is sent and checked in TLS; empty for the host.
  std::string tls_name;

  /// Connect to this Unix socket, whatever the host is.
  std::string unix_path;

  /// Whom to go through. A Unix socket is reached directly all the same.
  std::optional<net::proxy> proxy;

  /// False: the connection ends at an HTTP proxy, which is then sent requests that name their whole URL. SOCKS proxies
  /// always open a tunnel.
  bool tunnel = true;

  /// More header fields of CONNECT, each "Name: value".
  std::vector<std::string> proxy_fields;

  /// Instead of the proxy's credentials by Basic. Asked three times at most, each time for a new connection.
  proxy_authorizer proxy_authorization;

  /// Optional.
  tunnel_tap tap;

  /// The time for all of it: name, addresses, handshake.
  std::optional<duration> timeout = std::chrono::seconds(10);

  std::vector<resolve_override> overrides;

  /// Leaves out the addresses of the other family.
  address_family family = address_family::any;

  /// The address to connect from, of this machine; the port 0 takes any. Addresses of the other family are left out.
  std::optional<endpoint> local;

  /// Which of the addresses may be connected to. The others are left out.
  address_policy addresses;

  /// After this time without an answer the next address is tried as well; after a failure at once.
  duration attempt_delay = std::chrono::milliseconds(250);

  /// So many addresses of a name are tried.
  std::size_t max_addresses = 16;

  /// Filled while connecting, also when it fails. Optional.
  connect_timings* timings = nullptr;
};

/// Resolves `host`, tries its addresses until one accepts, and speaks TLS if asked. "unix:/path" as the host is a Unix
/// socket. Runs in the execution context of the awaiting coroutine.
///
/// IPv6 and IPv4 addresses take turns and overlap (Happy Eyeballs, RFC 8305): the first that accepts is taken, the
/// others are given up.
///
/// Cancellation: at every step; a lookup under way still fills the cache.
/// Throws: resolve_error; connect_error, "connect example.org:443 (93.184.216.34): Connection refused";
/// address_refused, "connect example.org:80: the address policy refuses 10.0.0.1 (private)"; proxy_error, "proxy
/// http://p:3128: connect example.org:443: 403 Forbidden"; tls_error; timeout_error
/// with phase "connect".
boost::asio::awaitable<std::unique_ptr<transport>> connect(std::string host, std::uint16_t port,
                                                           connect_options options);

}  // namespace braid::net
