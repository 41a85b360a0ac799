#pragma once

#include <braid/net/tls_options.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace braid::net {

enum class proxy_kind : std::uint8_t {
  http,     ///< HTTP; a tunnel by CONNECT
  https,    ///< the same, over TLS
  socks4,   ///< we resolve names, IPv4 only
  socks4a,  ///< the proxy resolves names
  socks5,   ///< RFC 1928; we resolve names
  socks5h,  ///< RFC 1928; the proxy resolves names
};

/// How credentials are shown to an HTTP proxy.
enum class proxy_scheme : std::uint8_t {
  basic,   ///< with the first request, unasked
  digest,  ///< when the proxy asks, and only as a digest (RFC 7616), which does not tell the password
  any,     ///< when the proxy asks: a digest if it takes one, else Basic
};

/// Whom connections go through.
///
///     auto via = net::proxy::parse("socks5h://user:password@127.0.0.1:1080");
class proxy {
 public:
  /// "[scheme://][user:password@]host[:port]" as curl takes it: http without a scheme; port 1080, or 443 for https,
  /// where none is named; user and password percent-encoded.
  /// Throws: invalid_argument, whose message does not show the password.
  static proxy parse(std::string_view text);

  /// Instead of what the text says. At most 255 bytes each for SOCKS (RFC 1929), 64 KiB for HTTP.
  /// Throws: invalid_argument for longer ones, for NUL, and for a colon in the user of an HTTP proxy.
  proxy& credentials(std::string user, std::string password);

  /// How credentials are shown, by an HTTP proxy's leave. Basic unless told otherwise.
  proxy& scheme(proxy_scheme how);

  /// CONNECT says HTTP/1.0: for proxies that know no newer one.
  proxy& http_1_0(bool yes = true);

  /// How TLS is spoken with the proxy itself, of kind https.
  proxy& tls(tls_options options);

  /// Reaches this proxy through another one: a SOCKS proxy, or a tunnel by CONNECT.
  /// Throws: invalid_argument where `first` has a proxy before it already.
  proxy& behind(proxy first);

  proxy_kind kind() const noexcept { return kind_; }
  /// Without the brackets of IPv6.
  const std::string& host() const noexcept { return host_; }
  std::uint16_t port() const noexcept { return port_; }
  bool has_credentials() const noexcept { return !user_.empty() || !password_.empty(); }
  const std::string& user() const noexcept { return user_; }
  const std::string& password() const noexcept { return password_; }
  proxy_scheme scheme() const noexcept { return scheme_; }
  bool is_http_1_0() const noexcept { return http_1_0_; }
  const tls_options& tls() const noexcept { return tls_; }
  /// The proxy that this one is reached through; null for none.
  const proxy* behind() const noexcept { return first_.get(); }

  bool is_http() const noexcept { return kind_ == proxy_kind::http || kind_ == proxy_kind::https; }
  /// The proxy resolves names.
  bool resolves() const noexcept { return kind_ != proxy_kind::socks4 && kind_ != proxy_kind::socks5; }
  /// The value of Proxy-Authorization; empty without credentials.
  std::string basic_authorization() const;

  /// "http://host:port", without credentials.
  const std::string& str() const noexcept { return text_; }
  /// Differs for proxies whose connections must not be mixed: with credentials, TLS options and the proxy before it.
  /// Not for logs.
  const std::string& key() const noexcept { return key_; }

 private:
  void make_key();

  proxy_kind kind_ = proxy_kind::http;
  std::string host_;
  std::uint16_t port_ = 1080;
  std::string user_;
  std::string password_;
  proxy_scheme scheme_ = proxy_scheme::basic;
  bool http_1_0_ = false;
  tls_options tls_;
  std::shared_ptr<const proxy> first_;
  std::string text_;
  std::string key_;
};

std::string_view to_string(proxy_kind kind) noexcept;

}  // namespace braid::net
