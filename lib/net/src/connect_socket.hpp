#pragma once

#include <braid/net/socket.hpp>

namespace braid::net {

/// As connect_socket(), from an address of one's own if there is one, but a failure is an answer: null with `error`
/// set, also when cancelled.
boost::asio::awaitable<std::unique_ptr<transport>> try_connect(endpoint to, std::optional<endpoint> local,
                                                               boost::system::error_code& error);

}  // namespace braid::net
