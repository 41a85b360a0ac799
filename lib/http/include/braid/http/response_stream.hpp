#pragma once

#include <boost/asio/awaitable.hpp>
#include <memory>
#include <string>
#include <string_view>

#include <braid/http/response.hpp>

namespace braid::http {

class cached_body;
class exchange;

/// A response whose body is still on its way.
///
///     auto stream = co_await client.stream(request);
///     for (;;) {
///       const std::string_view piece = co_await stream.read_some();
///       if (piece.empty()) break;
///       ...
///     }
///
/// Lifetime: destroyed before the end of the body, it closes its connection, or resets its stream of HTTP/2. Threads:
/// the context it came from. Limits: no bound on the body; first_byte and idle timeouts hold, total ends with the head.
class response_stream : public response_head {
 public:
  response_stream() noexcept;
  response_stream(response_stream&&) noexcept;
  response_stream& operator=(response_stream&&) noexcept;
  ~response_stream();

  /// The next piece of the body, decoded; empty at its end. Valid until the next call.
  /// Cancellation: closes the connection. Throws: timeout_error, connection_lost, protocol_error, decode_error,
  /// limit_error.
  boost::asio::awaitable<std::string_view> read_some();

  /// As response_head says; empty until the body has ended.
  const http::headers& trailers() const noexcept;

  /// What is left of the body in one string. `limit` in bytes, over it limit_error.
  boost::asio::awaitable<std::string> read_all(std::uint64_t limit = 64u << 20);

  /// Throws: status_error for 4xx and 5xx.
  const response_stream& raise_for_status() const;

 private:
  friend class cached_request;
  friend class conversation;
  std::unique_ptr<exchange> exchange_;   // null when the body comes from a cache
  std::unique_ptr<cached_body> cached_;  // null when it neither comes from one nor goes there
};

}  // namespace braid::http
