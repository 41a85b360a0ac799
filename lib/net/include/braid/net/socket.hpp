#pragma once

#include <braid/net/endpoint.hpp>
#include <braid/net/transport.hpp>

namespace braid::net {

/// Connects a TCP or Unix socket to one address, in the execution context of the awaiting coroutine. Small writes leave
/// at once (TCP_NODELAY). Most callers want connect() of connector.hpp, which takes names and speaks TLS.
///
/// Cancellation: gives up the attempt.
/// Throws: connect_error, "connect 127.0.0.1:80: Connection refused".
boost::asio::awaitable<std::unique_ptr<transport>> connect_socket(endpoint to);

}  // namespace braid::net
