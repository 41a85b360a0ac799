#pragma once

#include <braid/net/proxy.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace braid::net {

/// Which proxy a URL goes through.
///
///     auto settings = net::proxy_settings(net::proxy::parse("http://proxy:3128")).except("localhost,.example.org");
///     auto usual = net::proxy_settings::from_environment();
///
/// Cheap to copy: copies share what they hold until one is changed.
class proxy_settings {
 public:
  /// No proxy at all.
  proxy_settings() = default;

  /// One for everything.
  explicit proxy_settings(proxy everything);

  proxy_settings& for_http(proxy one);
  proxy_settings& for_https(proxy one);

  /// Hosts that are reached directly, as curl reads no_proxy: names, separated by commas, which stand for themselves
  /// and all below them; addresses; networks as address/bits; "*" alone for all.
  proxy_settings& except(std::string_view hosts);

  /// http_proxy (in lower case only, as HTTP_PROXY is what a CGI program is handed of a request's Proxy field),
  /// https_proxy, HTTPS_PROXY, all_proxy, ALL_PROXY, no_proxy, NO_PROXY, as curl reads them.
  /// Throws: invalid_argument for a variable that is no proxy, naming it.
  static proxy_settings from_environment();

  /// The same, from elsewhere. `variable` returns null for what is not set.
  static proxy_settings from_variables(const std::function<const char*(const char* name)>& variable);

  bool empty() const noexcept { return !rules_; }

  /// Null when `host` (IPv6 in brackets or not) is reached directly.
  const proxy* choose(bool secure, std::string_view host) const noexcept;

 private:
  struct rules;
  rules& own();

  std::shared_ptr<const rules> rules_;
};

/// Does `host` stand in the list `hosts`, as curl matches no_proxy?
bool matches_no_proxy(std::string_view hosts, std::string_view host) noexcept;

}  // namespace braid::net
