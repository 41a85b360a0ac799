#pragma once

#include <string>
#include <string_view>

#include <braid/core/url.hpp>

namespace braid::http {

/// True for what no cookie may hold: control bytes other than the tab (RFC 6265bis, 5.6).
bool has_controls(std::string_view text) noexcept;

/// A domain as hosts are written in URLs: lower case, punycode. What is no domain comes back in lower case.
std::string canonical_domain(std::string_view domain);

/// True for an IPv4 or IPv6 address, as url::host_name() gives it.
bool is_address(std::string_view host) noexcept;

/// The path that a cookie without one belongs to (RFC 6265, 5.1.4).
std::string default_path(std::string_view path);

/// True where a Secure cookie may be set and sent.
bool is_secure_context(const url& where);

/// True when the name promises what the cookie does not keep (RFC 6265bis, 5.7). `has_path`: it named its path.
struct cookie;
bool breaks_prefix(const cookie& one, bool has_path);

}  // namespace braid::http
