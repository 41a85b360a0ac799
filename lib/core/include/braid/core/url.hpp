#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace braid {

/// What becomes of a host that ends in a number without being an IPv4 address: "example.7", "1.2.3.400".
enum class numeric_hosts : std::uint8_t {
  refused,  ///< as WHATWG has it: who reads it may take it for an address
  names,    ///< it is a name like another, as RFC 3986 and curl have it: for a proxy or a resolver to judge
};

/// An absolute URL of a scheme with a host (http, https, ws, wss, and the proxies' socks4, socks4a, socks5, socks5h),
/// parsed as browsers parse it (WHATWG URL): surrounding space goes, backslashes are slashes, dot segments are
/// resolved, hosts are lower-cased, IDNA-encoded and checked, and what may not stand in a component is percent-encoded.
/// What comes out is always safe to put into a request line.
///
/// A value of one string and some offsets; the views it gives live as long as the url.
class url {
 public:
  url() = default;

  /// Throws invalid_url, which quotes the text and says what is wrong with it.
  static url parse(std::string_view text, numeric_hosts hosts = numeric_hosts::refused);
  static std::optional<url> try_parse(std::string_view text, numeric_hosts hosts = numeric_hosts::refused);

  /// The URL that `reference` (absolute or relative, as in a Location header or an href) means on this page.
  /// Its host is held to what this one's was. Throws invalid_url.
  url resolve(std::string_view reference) const;

  std::string_view str() const { return text_; }
  std::string_view scheme() const { return part(0, scheme_end_); }
  bool has_credentials() const { return host_begin_ > scheme_end_ + 3; }
  /// User and password are still percent-encoded, as they stand in the URL.
  std::string_view user() const { return part(scheme_end_ + 3, user_end_); }
  std::string_view password() const;
  /// Lower case; IPv6 in brackets.
  std::string_view host() const { return part(host_begin_, host_end_); }
  /// The host without the brackets of IPv6: what a resolver takes.
  std::string_view host_name() const;
  /// The port in the URL, or the scheme's own.
  std::uint16_t port() const { return port_; }
  /// "host" or, where the port is not the scheme's own, "host:port": what a Host header takes.
  std::string_view authority() const { return part(host_begin_, path_begin_); }
  /// Begins with '/'.
  std::string_view path() const { return part(path_begin_, path_end_); }
  /// Without the '?'.
  std::string_view query() const {
    return path_end_ < query_end_ ? part(path_end_ + 1, query_end_) : std::string_view{};
  }
  /// Without the '#'.
  std::string_view fragment() const;
  /// Path and query: what a request line takes.
  std::string_view target() const { return part(path_begin_, query_end_); }
  /// "https://host:port", the port always written: equal for two URLs exactly when they have the same origin.
  std::string origin() const;
  /// True for https and wss.
  bool is_secure() const;

  /// The same URL with another query (already encoded, without '?'; empty takes the '?' away).
  url with_query(std::string_view encoded) const;
  /// The same URL without user, password and fragment: what may be logged or sent on.
  url without_secrets() const;

  friend bool operator==(const url& a, const url& b) { return a.text_ == b.text_; }

 private:
  friend class url_parser;
  friend class clean_url_parser;
  std::string_view part(std::uint32_t begin, std::uint32_t end) const {
    return std::string_view(text_).substr(begin, end - begin);
  }

  // scheme "://" [user [":" password] "@"] host [":" port] path ["?" query] ["#" fragment]
  std::string text_;
  std::uint32_t scheme_end_ = 0, user_end_ = 0, host_begin_ = 0, host_end_ = 0, path_begin_ = 0, path_end_ = 0,
                query_end_ = 0;
  std::uint16_t port_ = 0;
  numeric_hosts hosts_ = numeric_hosts::refused;
};

/// The port a scheme stands for; 0 for a scheme that url does not know.
std::uint16_t default_port(std::string_view scheme) noexcept;

}  // namespace braid
