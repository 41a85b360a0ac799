#pragma once

#include <string>
#include <string_view>

namespace braid::http {

/// A host as an hsts_store knows it: in lower case and without a trailing dot; empty for what cannot be one, such as an
/// address.
std::string host_key(std::string_view host);

}  // namespace braid::http
