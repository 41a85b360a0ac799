#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <braid/http/digest.hpp>
#include <braid/net/proxy.hpp>

namespace braid::http {

/// What is known of how one proxy wants credentials: what it last asked for, and how often that was answered. A nonce
/// is one proxy's and one user's, so that each proxy, with its credentials, has a sign-in of its own.
///
///     proxy_sign_in to;
///     request.header("Proxy-Authorization", to.value(via, "GET", "http://example.org/"));   // if not empty
///     ... 407 ...
///     if (to.take(via, fields.get_all("Proxy-Authenticate"), sent)) again();
class proxy_sign_in {
 public:
  /// The value of Proxy-Authorization for a request; empty while nothing is to be sent. `target` is what stands in the
  /// request's line.
  std::string value(const net::proxy& via, std::string_view method, std::string_view target);

  /// Takes up the challenges of a 407. `sent` is what the refused request had in Proxy-Authorization. True when
  /// another attempt may do; false when the proxy does not take these credentials, or no scheme suits.
  bool take(const net::proxy& via, const std::vector<std::string_view>& challenges, std::string_view sent);

 private:
  std::optional<digest_challenge> digest_;
  bool basic_ = false;  // asked for, and nothing better
  std::uint32_t count_ = 0;
};

}  // namespace braid::http
