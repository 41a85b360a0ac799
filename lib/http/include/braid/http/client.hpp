#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <memory>
#include <string>
#include <string_view>

#include <braid/http/client_options.hpp>
#include <braid/http/request.hpp>
#include <braid/http/response.hpp>
#include <braid/http/response_stream.hpp>
#include <braid/http/websocket.hpp>

namespace braid::http {

/// HTTP/1.1 and HTTP/2 client with connections that are kept, redirects, timeouts and limits.
///
///     http::client client;
///     auto response = co_await client.get("https://example.org/");
///
/// A handle: copies share options and connections. Each execution context that uses it has its own pool, so nothing
/// crosses contexts; a runtime's contexts and a user's own io_context serve alike.
///
/// Lifetime: requests under way keep what they need; when the last copy is gone, idle connections close.
/// Threads: any; the requests of one pool in one thread at a time (on an io_context that several threads run: one
/// client for each strand).
/// Cancellation: of any request at any point; its connection closes, or of HTTP/2 its stream; the pool stays clean.
/// Throws, from every request: invalid_url, timeout_error, resolve_error, connect_error, address_refused, proxy_error,
/// tls_error, connection_lost, protocol_error, decode_error, redirect_error, limit_error; each message says what, to
/// whom, how far: "GET http://h/: connection lost after 1,024 of 4,096 body bytes". A status of 4xx or 5xx is a
/// response.
///
/// A connection that the server closed while it rested is replaced and the request repeated, once, where that can do
/// no harm: an idempotent method, or nothing sent yet. Over HTTP/2, what the server says it has not looked at is sent
/// again, whatever the method.
class client {
 public:
  client();
  explicit client(client_options options);

  // The URL is read before the function returns: a wrong one throws at once, and its text may go.
  boost::asio::awaitable<response> get(std::string_view url) const;
  boost::asio::awaitable<response> head(std::string_view url) const;
  boost::asio::awaitable<response> del(std::string_view url) const;
  /// `type` becomes the Content-Type, unless empty.
  boost::asio::awaitable<response> post(std::string_view url, std::string body, std::string type = {}) const;
  boost::asio::awaitable<response> put(std::string_view url, std::string body, std::string type = {}) const;
  boost::asio::awaitable<response> patch(std::string_view url, std::string body, std::string type = {}) const;

  boost::asio::awaitable<response> send(request what) const;

  /// Returns with the head of the final response; its body is read piece by piece.
  boost::asio::awaitable<response_stream> stream(request what) const;

  /// Ends the client, with all its copies, on the awaiting coroutine's context: connections that rest are closed,
  /// requests that come now are refused with invalid_argument, those under way and those that wait for a connection go
  /// on. Returns when all of them have ended; one that streams its response ends with the response_stream.
  ///
  /// Cancellation: stops waiting; the client stays closed.
  boost::asio::awaitable<void> close() const;

  /// Opens a WebSocket to a URL of ws, wss, http or https, with the client's proxies (in tunnels), TLS, cookies and
  /// default fields, over a connection of its own beside the pool. Redirects are not followed.
  /// Throws: as requests do; status_error for an answer that is no WebSocket; invalid_argument for fields in the
  /// options that the handshake itself has.
  boost::asio::awaitable<http::websocket> websocket(std::string url) const;
  boost::asio::awaitable<http::websocket> websocket(std::string url, websocket_options options) const;

  const client_options& options() const noexcept;

  /// The pool of a context: "[hosts: 1 | connections: 2 active, 1 idle | waiting: 0]".
  std::string pool_state(const boost::asio::any_io_executor& executor) const;

 private:
  std::shared_ptr<class client_state> state_;
};

}  // namespace braid::http
