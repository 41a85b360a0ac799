#pragma once

#include <boost/asio/awaitable.hpp>
#include <memory>
#include <string>

#include <braid/http/websocket.hpp>

namespace braid::http {

class client_state;

/// client::websocket.
boost::asio::awaitable<websocket> connect_websocket(std::shared_ptr<const client_state> client, std::string address,
                                                    websocket_options options);

}  // namespace braid::http
