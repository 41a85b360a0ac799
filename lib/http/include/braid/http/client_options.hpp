#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <braid/core/clock.hpp>
#include <braid/core/url.hpp>
#include <braid/http/events.hpp>
#include <braid/http/headers.hpp>
#include <braid/http/middleware.hpp>
#include <braid/http/request_rates.hpp>
#include <braid/http/retry.hpp>
#include <braid/net/address_policy.hpp>
#include <braid/net/connector.hpp>
#include <braid/net/proxy_settings.hpp>
#include <braid/net/tls_options.hpp>
#include <braid/net/transport.hpp>

namespace braid::http {

/// How long a client waits. Each is on by default; an empty one switches its bound off.
struct client_timeouts {
  /// For a connection to stand: name, addresses, TLS.
  std::optional<duration> connect = std::chrono::seconds(10);
  /// From the request being sent to the first byte of the response.
  std::optional<duration> first_byte = std::chrono::seconds(30);
  /// Without a byte moving, while a request is being sent or a body received.
  std::optional<duration> idle = std::chrono::seconds(30);
  /// For all of it: waiting for a connection, redirects, body. A stream's is over with its head.
  std::optional<duration> total = std::chrono::seconds(120);
  /// How long a connection that nobody uses is kept.
  std::optional<duration> keep_alive = std::chrono::seconds(60);

  client_timeouts() = default;
};

/// How much a client takes from a server.
struct client_limits {
  std::size_t header_bytes = 64 * 1024;  ///< status line and headers together
  std::size_t header_count = 256;        ///< header lines
  std::uint64_t body_bytes = 64u << 20;  ///< of a body in memory, decoded. A stream is not limited.
  std::uint64_t decoded_ratio = 2000;    ///< decoded bytes per received one, once over 1 MiB (gzip reaches 1032)
  unsigned redirects = 10;               ///< followed; one more is a redirect_error
  std::size_t idle_connections = 1024;   ///< kept open, on each context
  std::size_t informational = 32;        ///< 1xx responses before the final one

  client_limits() = default;
};

/// Which version of HTTP a client speaks.
enum class protocol_choice : std::uint8_t {
  automatic,              ///< HTTP/2 where TLS offers it (ALPN), else HTTP/1.1
  http1,                  ///< HTTP/1.1
  http2,                  ///< over TLS HTTP/2 or nothing; without TLS HTTP/1.1
  http2_prior_knowledge,  ///< HTTP/2, also without TLS
  /// As automatic; without TLS a request without a body asks the server to go over to HTTP/2 (Upgrade: h2c, RFC 7540,
  /// 3.2), and what the server makes of it is taken. Few servers know it.
  http2_upgrade,
};

/// How HTTP/2 is spoken.
struct http2_options {
  std::size_t connections_per_host = 1;  ///< another is made when all requests that they take are under way
  std::uint32_t streams = 100;           ///< requests at once on a connection; fewer where the server says so
  std::uint32_t window = 1u << 20;       ///< bytes of a body that may wait for a slow reader
  /// So long may a connection with requests be silent before it is asked for a sign of life (PING). One that rested for
  /// a second or more is asked along with its next request. Empty: never.
  std::optional<duration> ping_after = std::chrono::seconds(15);
  duration ping_timeout = std::chrono::seconds(5);  ///< without an answer the connection is given up
  unsigned refused_retries = 5;                     ///< of a request that the server refused unseen
  /// An origin that has no connection takes one of another origin, where the certificate verified there is good for its
  /// host too and its host has the address of that connection (RFC 9113, 9.1.1). What is answered with 421 is asked
  /// again over a connection of its own. Never with a proxy, a Unix socket, a connector, resolve overrides, a client
  /// certificate or pinned keys, nor without verification.
  bool coalesce = true;

  http2_options() = default;
};

/// Makes the connections of a client. Called with net::connect's arguments; its timeout is kept by the client.
using connect_function = std::function<boost::asio::awaitable<std::unique_ptr<net::transport>>(
    std::string host, std::uint16_t port, net::connect_options options)>;

/// Takes a 1xx response: what it is an answer to, its status and fields.
using informational_function = std::function<void(const url& to, int status, const headers& fields)>;

class cookie_jar;
class hsts_store;
class response_cache;

/// Everything a client can be told, with what it does when it is told nothing.
class client_options {
 public:
  client_options() = default;

  client_timeouts timeouts;
  client_limits limits;

  /// Certificates, versions, verification (on).
  net::tls_options tls;

  /// ALPN offers accordingly, unless `tls` says something of its own.
  protocol_choice http_version = protocol_choice::automatic;
  http2_options http2;

  /// Empty sends none.
  std::string user_agent = "braid/0.1";

  /// Sent with every request that does not name them itself.
  headers default_headers;

  /// Asks for gzip, deflate, br and zstd, and decodes them. A request that has its own Accept-Encoding gets its body as
  /// it came.
  bool decompress = true;

  /// Repeats what failed and may pass: lost connections, timeouts, answers of 429 or 503, ... where sending twice does
  /// no harm. The total timeout bounds all attempts with the waits between them. Off unless set.
  std::optional<retry_options> retries;

  /// Around each request that is answered whole, the first one outermost; streams pass by them. They see what the
  /// caller sees: redirects and retries happen behind them.
  std::vector<middleware_function> middleware;

  /// Is told of each phase of each request, with how long it took; streams and retries too. Empty costs nothing. See
  /// <braid/http/events.hpp>.
  event_function events;

  /// Is told of each 1xx response but 101, such as 103 with its Link fields (RFC 8297), before the final one. Called
  /// on the request's context, from within it; it may not throw. At most client_limits::informational of them come.
  informational_function on_informational;

  /// False hands redirects to the caller as they are.
  bool follow_redirects = true;

  /// Where Set-Cookie fields go and Cookie fields come from, on every hop of a redirect. A Cookie field of the
  /// request's own goes behind the jar's cookies, in the same field. A Host field of the request's own decides whose
  /// cookies they are. Null: cookies are left alone. See <braid/http/cookies.hpp>.
  std::shared_ptr<cookie_jar> cookies;

  /// The hosts that are spoken to over TLS only (RFC 6797): http to them becomes https before anything is looked up,
  /// cached or connected, and what they ask for over verified TLS is learned. Null: nobody is. See
  /// <braid/http/hsts.hpp>.
  std::shared_ptr<hsts_store> hsts;

  /// Where responses to GET are kept and found again, as RFC 9111 allows the cache of one user; of streams those that
  /// were read to their end. Responses that came by way of redirects are not kept, and requests that say how they stand
  /// on the wire (request::wire) go past it. Null: there is no cache. See <braid/http/cache.hpp>.
  std::shared_ptr<response_cache> cache;

  /// The time of day, where dates matter. Empty asks the system.
  std::function<wall_time()> wall_clock;

  /// A request whose kept connection breaks before any answer is sent once more at once, over another, where that can
  /// do no harm. False: it fails with connection_lost, for those who count what a server is sent.
  bool repeat_on_stale = true;

  /// On each context; more requests wait their turn, first come first served.
  std::size_t max_connections_per_host = 64;

  /// How many of them may be in the making at once. To connect takes more memory than to stay connected, and servers
  /// turn away what their queue of new connections has no room for.
  std::size_t max_connecting_per_host = 256;

  /// To all hosts together, on each context. Where that is too few, hosts take turns: a host without a connection gets
  /// the next one that a request is done with, and a resting one makes room for a host that needs it.
  std::size_t max_connections = 1024;

  /// How often requests go to each origin; without limit unless set. See <braid/http/request_rates.hpp>.
  request_rates rates;

  /// Addresses for names, instead of asking the DNS.
  std::vector<net::resolve_override> resolve;

  /// Addresses of this family only; an address of this machine to connect from.
  net::address_family address_family = net::address_family::any;
  std::optional<net::endpoint> local_address;

  /// Which addresses connections may lead to, on every hop of a redirect; net::address_policy::public_only() is the
  /// guard for URLs that come from others. A `connector` of one's own gets it and has to obey it.
  net::address_policy addresses;

  /// Whom requests go through; nobody by default. net::proxy_settings::from_environment() is what curl does. Tunnels
  /// lead to https; http is asked of an HTTP proxy itself, which then sees and may answer the request.
  net::proxy_settings proxy;

  /// Tunnels through HTTP proxies for http as well.
  bool proxy_tunnel = false;

  /// Every connection leads to this Unix socket, whatever the URL's host.
  std::string unix_socket;

  /// Instead of net::connect: connections in memory for tests, through tunnels, over wires of one's own.
  connect_function connector;
};

}  // namespace braid::http
