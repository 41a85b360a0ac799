#include <netinet/in.h>
#include <netinet/tcp.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <braid/core/error.hpp>
#include <braid/net/socket.hpp>

#include "connect_socket.hpp"
#include "io_context_of.hpp"
#include "socket_transport.hpp"

namespace braid::net {

namespace asio = boost::asio;

namespace {

asio::generic::stream_protocol::endpoint native(const endpoint& where) {
  return {where.data(), where.size(), where.family() == AF_UNIX ? 0 : IPPROTO_TCP};
}

void bind_to(stream_socket& socket, const endpoint& local, boost::system::error_code& error) {
  socket.open(native(local).protocol(), error);
  if (error) return;
  // Else each connection would take a port of its own, whoever it leads to.
  const int on = 1;
  ::setsockopt(socket.native_handle(), IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
  socket.bind(native(local), error);
}

}  // namespace

asio::awaitable<std::unique_ptr<transport>> try_connect(endpoint to, std::optional<endpoint> local,
                                                        boost::system::error_code& error) {
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  stream_socket socket(io_context_of(executor));
  if (local && to.family() != AF_UNIX) {
    bind_to(socket, *local, error);
    if (error) co_return nullptr;
  }
  const auto [result] = co_await socket.async_connect(native(to), asio::as_tuple(asio::use_awaitable));
  error = result;
  if (error) co_return nullptr;
  if (to.family() != AF_UNIX) {
    const int on = 1;
    ::setsockopt(socket.native_handle(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  }
  co_return std::make_unique<socket_transport>(std::move(socket), to);
}

asio::awaitable<std::unique_ptr<transport>> connect_socket(endpoint to) {
  boost::system::error_code error;
  std::unique_ptr<transport> connected = co_await try_connect(to, std::nullopt, error);
  if (error == asio::error::operation_aborted) throw boost::system::system_error(error);
  if (error) throw connect_error("connect " + to.str() + ": " + error.message());
  co_return connected;
}

}  // namespace braid::net
