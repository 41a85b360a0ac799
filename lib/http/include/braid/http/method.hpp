#pragma once

#include <string_view>

namespace braid::http {

/// True when a request with this method changes nothing at the server (RFC 9110, 9.2.1).
constexpr bool is_safe(std::string_view method) noexcept {
  return method == "GET" || method == "HEAD" || method == "OPTIONS" || method == "TRACE";
}

/// True when sending it twice has the effect of sending it once (RFC 9110, 9.2.2): what may be repeated after a
/// connection was lost.
constexpr bool is_idempotent(std::string_view method) noexcept {
  return is_safe(method) || method == "PUT" || method == "DELETE";
}

}  // namespace braid::http
