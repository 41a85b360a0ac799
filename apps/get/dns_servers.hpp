#pragma once

#include <braid/runtime/awaitable.hpp>
#include <string>

namespace braid::get {

/// --dns-servers, for the present context: "192.0.2.1,[2001:db8::1]:53". Nothing for an empty text.
/// Throws: get_error (4 without c-ares, 43 for what is no address).
awaitable<void> use_dns_servers(const std::string& addresses);

}  // namespace braid::get
