#pragma once

#include <string>
#include <string_view>

#include <braid/core/url.hpp>

namespace braid {

/// The host of a URL in its one canonical spelling (WHATWG URL, 3.5): names lower-case and IDNA-encoded, IPv4 in any of
/// its notations as four decimals, IPv6 compressed in brackets. On failure returns an empty string and sets `why`.
std::string canonical_host(std::string_view text, numeric_hosts numbers, const char*& why);

}  // namespace braid
