#pragma once

#include <string>
#include <vector>

#include <braid/net/proxy.hpp>

namespace braid::get {

/// How proxies are used, beside --proxy, --proxy-user and --noproxy.
struct proxy_choices {
  proxy_choices() = default;

  bool tunnel = false;     // -p
  bool http_1_0 = false;   // --proxy1.0
  bool hide_head = false;  // --suppress-connect-headers
  bool basic = false, digest = false, any_auth = false;
  std::vector<std::string> fields;  // --proxy-header
  std::string first;                // --preproxy
  bool insecure = false;
  std::string ca_file, ca_path;

  /// Differs where connections must not be shared.
  std::string key() const;
  /// Puts all this into the proxy of -x or of the environment. Throws: get_error (5), invalid_argument.
  void apply_to(net::proxy& to) const;
};

}  // namespace braid::get
