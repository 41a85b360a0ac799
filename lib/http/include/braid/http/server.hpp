#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include <braid/http/reply.hpp>
#include <braid/http/server_options.hpp>
#include <braid/http/server_request.hpp>

namespace braid::http {

/// Answers a request. With several contexts it is called on each of them at once: what it shares must be fit for that.
/// An exception becomes 500 (413, 400 or 408 when reading the request's body threw it).
using server_handler = std::function<boost::asio::awaitable<reply>(server_request&)>;

/// HTTP/1.1 server, and HTTP/2 where server_options::http2 says so.
///
///     http::server site([](http::server_request& request) -> awaitable<http::reply> {
///       co_return http::reply::text("hello from " + std::string(request.path()));
///     });
///     site.listen("127.0.0.1", 8080);
///     co_await site.serve();
///
/// On a runtime of N contexts serve() accepts on all of them, each with a listener of its own on the same port
/// (SO_REUSEPORT): a connection is born, served and closed on one context, and nothing is handed across. What is given
/// up is balance: the kernel spreads connections by hash, so few long connections may fall unevenly. On a user's own
/// io_context there is one listener.
///
/// Cancellation: cancelling serve() stops accepting, closes idle connections, lets requests in flight finish for
/// timeouts.drain, then cuts them off; serve() returns when the last connection is gone, and then throws
/// operation_aborted.
/// Limits: all of server_options.
class server {
 public:
  explicit server(server_handler handler, server_options options = {});
  ~server();
  server(const server&) = delete;
  server& operator=(const server&) = delete;

  /// Takes a numeric address; port 0 takes a free one. The address is taken here, connections are accepted from the
  /// start of serve() on (options.on_listening tells when). May be called several times.
  /// Throws connect_error, invalid_argument.
  void listen(std::string_view address, std::uint16_t port);
  /// The port of the first address.
  std::uint16_t local_port() const;

  boost::asio::awaitable<void> serve();
  /// Serves one connection that the caller has, until it closes. Cancellation as for serve().
  boost::asio::awaitable<void> serve(std::unique_ptr<net::transport> connection);

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace braid::http
