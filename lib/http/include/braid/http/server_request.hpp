#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>
#include <string_view>

#include <braid/core/percent.hpp>
#include <braid/http/headers.hpp>

namespace braid::http {

struct request_head;

/// A request as a handler sees it.
///
/// Lifetime: the request and every view it gives live until the handler's reply has been sent.
/// Threads: the context of its connection.
class server_request {
 public:
  std::string_view method() const;
  /// As in the request line: path and query.
  std::string_view target() const;
  /// Still percent-encoded.
  std::string_view path() const;
  std::string_view query() const;
  /// All parameters of the query, decoded, in order.
  query_pairs parameters() const;
  std::optional<std::string> parameter(std::string_view name) const;

  const headers& fields() const;
  std::optional<std::string_view> header(std::string_view name) const { return fields().get(name); }
  /// The Host header, or the authority of an absolute target.
  std::string_view authority() const;
  /// 10, 11 or 20.
  int version() const;
  /// "127.0.0.1:40312", or what the transport calls its peer.
  virtual std::string peer() const = 0;
  bool has_body() const;

  /// The next piece of the body, empty at its end. The view lives until the next call.
  /// Throws limit_error for a body over the limit, timeout_error when the peer stops sending, protocol_error for
  /// broken chunks, connection_lost.
  virtual boost::asio::awaitable<std::string_view> read_some() = 0;
  /// What is left of the body in one string. Throws as read_some().
  boost::asio::awaitable<std::string> body();

  virtual boost::asio::any_io_executor get_executor() const = 0;

 protected:
  explicit server_request(const request_head& head) : head_(head) {}
  ~server_request() = default;
  server_request(const server_request&) = delete;
  server_request& operator=(const server_request&) = delete;

  const request_head& head_;
};

}  // namespace braid::http
