#pragma once

#include <braid/http/client.hpp>
#include <braid/runtime/awaitable.hpp>

#include "options.hpp"

namespace braid::get {

/// Throws: get_error, invalid_argument.
http::client make_client(const get_options& options);

/// Fetches options.urls[index] and writes what came to where it goes. Returns curl's exit code; what failed is said on
/// standard error.
awaitable<int> transfer(const get_options& options, http::client client, std::size_t index);

}  // namespace braid::get
