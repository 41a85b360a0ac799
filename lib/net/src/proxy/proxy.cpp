#include <braid/core/base64.hpp>
#include <braid/core/error.hpp>
#include <braid/core/percent.hpp>
#include <braid/core/url.hpp>
#include <braid/net/proxy.hpp>

#include "tls_context.hpp"

namespace braid::net {

namespace {

constexpr std::size_t longest_of_socks = 255;  // RFC 1929
constexpr std::size_t longest_of_http = 64 * 1024;

/// "http://user:secret@host" without the part before the @.
std::string without_credentials(std::string_view text) {
  const auto at = text.rfind('@');
  if (at == text.npos) return std::string(text);
  const auto mark = text.find("://");
  const std::string_view scheme = mark < at ? text.substr(0, mark + 3) : std::string_view();
  return std::string(scheme) + std::string(text.substr(at + 1));
}

/// Does "host:port" name a port?
bool names_port(std::string_view authority) {
  authority = authority.substr(0, authority.find_first_of("/?#\\"));
  const auto at = authority.rfind('@');
  if (at != authority.npos) authority.remove_prefix(at + 1);
  const auto bracket = authority.rfind(']');
  const auto colon = authority.find(':', bracket == authority.npos ? 0 : bracket);
  return colon != authority.npos && colon + 1 < authority.size();
}

std::optional<proxy_kind> kind_of(std::string_view scheme) {
  for (const proxy_kind one : {proxy_kind::http, proxy_kind::https, proxy_kind::socks4, proxy_kind::socks4a,
                               proxy_kind::socks5, proxy_kind::socks5h}) {
    if (to_string(one) == scheme) return one;
  }
  return std::nullopt;
}

}  // namespace

std::string_view to_string(proxy_kind kind) noexcept {
  switch (kind) {
    case proxy_kind::http:
      return "http";
    case proxy_kind::https:
      return "https";
    case proxy_kind::socks4:
      return "socks4";
    case proxy_kind::socks4a:
      return "socks4a";
    case proxy_kind::socks5:
      return "socks5";
    case proxy_kind::socks5h:
      return "socks5h";
  }
  return "unknown";
}

proxy proxy::parse(std::string_view text) {
  const auto mark = text.find("://");
  const std::string with_scheme = mark == text.npos ? "http://" + std::string(text) : std::string(text);
  const std::optional<url> where = url::try_parse(with_scheme);
  const std::optional<proxy_kind> kind = where ? kind_of(where->scheme()) : std::nullopt;
  if (!kind || where->host_name().empty()) {
    throw invalid_argument("'" + without_credentials(text) +
                           "' is no proxy: [http|https|socks4|socks4a|socks5|socks5h]://[user:password@]host[:port]");
  }
  proxy out;
  out.kind_ = *kind;
  out.host_ = where->host_name();
  const bool named = names_port(std::string_view(with_scheme).substr(with_scheme.find("://") + 3));
  out.port_ = named ? where->port() : out.kind_ == proxy_kind::https ? 443 : 1080;
  const bool v6 = out.host_.find(':') != out.host_.npos;
  out.text_ = std::string(to_string(out.kind_)) + "://" + (v6 ? "[" + out.host_ + "]" : out.host_) + ":" +
              std::to_string(out.port_);
  out.credentials(percent_decode(where->user()), percent_decode(where->password()));
  return out;
}

proxy& proxy::credentials(std::string user, std::string password) {
  const std::size_t longest = is_http() ? longest_of_http : longest_of_socks;
  const bool long_one = user.size() > longest || password.size() > longest;
  const bool has_nul = user.find('\0') != user.npos || password.find('\0') != password.npos;
  if (long_one || has_nul || (is_http() && user.find(':') != user.npos)) {
    throw invalid_argument("proxy " + text_ + ": a user or password that cannot be sent (" +
                           (long_one  ? "over " + std::to_string(longest) + " bytes"
                            : has_nul ? "NUL"
                                      : "a colon in the user") +
                           ")");
  }
  user_ = std::move(user);
  password_ = std::move(password);
  make_key();
  return *this;
}

proxy& proxy::scheme(proxy_scheme how) {
  scheme_ = how;
  make_key();
  return *this;
}

proxy& proxy::http_1_0(bool yes) {
  http_1_0_ = yes;
  make_key();
  return *this;
}

proxy& proxy::behind(proxy first) {
  if (first.behind()) throw invalid_argument("proxy " + first.text_ + ": one more proxy before it is one too many");
  first_ = std::make_shared<const proxy>(std::move(first));
  make_key();
  return *this;
}

proxy& proxy::tls(tls_options options) {
  tls_ = std::move(options);
  make_key();
  return *this;
}

std::string proxy::basic_authorization() const {
  return has_credentials() ? "Basic " + base64(user_ + ":" + password_) : std::string();
}

void proxy::make_key() {
  key_ = text_;
  // Neither holds a NUL.
  if (has_credentials()) key_ += '\0' + user_ + '\0' + password_;
  if (scheme_ != proxy_scheme::basic) key_ += std::string("\0digest", 7) + (scheme_ == proxy_scheme::any ? "?" : "");
  if (http_1_0_) key_ += std::string("\0HTTP/1.0", 9);
  if (kind_ == proxy_kind::https) key_ += '\0' + std::to_string(tls_.shared_settings()->id);
  if (first_) key_ += std::string("\0behind\0", 8) + first_->key_;
}

}  // namespace braid::net
