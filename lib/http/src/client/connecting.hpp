#pragma once

#include <boost/asio/awaitable.hpp>
#include <memory>

#include <braid/core/url.hpp>
#include <braid/http/client_options.hpp>
#include <braid/net/connector.hpp>

namespace braid::http {

class client_pool;

/// How a client makes a connection for requests to `to`: through `via`, unless that is null, in a tunnel where a proxy
/// can open one and `tunnel` says so.
net::connect_options connect_options_for(const client_options& options, const url& to, const net::proxy* via,
                                         bool tunnel);

/// How a CONNECT answers what a proxy asks for. Shares the pool, which remembers what was asked.
net::proxy_authorizer authorizer_of(std::shared_ptr<client_pool> pool, const net::proxy& with);

/// net::connect, or the client's own function for that.
boost::asio::awaitable<std::unique_ptr<net::transport>> start_connecting(const client_options& options, const url& to,
                                                                         net::connect_options how);

}  // namespace braid::http
