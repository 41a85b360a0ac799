#pragma once

#include <boost/asio/awaitable.hpp>
#include <braid/http/client_options.hpp>
#include <braid/testing/memory_transport.hpp>
#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace braid::testing {

/// The other side of an HTTP client's connections, in memory: each connection runs a script that reads requests and
/// says what it likes, good or bad.
///
///     testing::scripted_peer peer;
///     peer.next([](testing::wire& w) -> awaitable<void> {
///       co_await w.read_request();
///       co_await w.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
///     });
///     http::client_options options;
///     options.connector = peer.connector();
///
/// A script that returns closes its connection; one that should keep it ends with `co_await w.read_request()`.
/// Lifetime: the connector keeps what it needs. Threads: one context.
class wire {
 public:
  explicit wire(std::unique_ptr<memory_transport> end, std::vector<std::string>& log)
      : end_(std::move(end)), log_(log) {}

  /// The next request, head and body, as it came; also kept in scripted_peer::requests(). Empty when the client has
  /// closed.
  boost::asio::awaitable<std::string> read_request();
  boost::asio::awaitable<void> send(std::string bytes);
  /// read_request() and send(), again and again until the client closes.
  boost::asio::awaitable<void> answer_all(std::string bytes);
  /// Until the client closes.
  boost::asio::awaitable<void> hang();
  void reset() { end_->reset(); }
  void close() { end_->close(); }
  memory_transport& stream() { return *end_; }

 private:
  boost::asio::awaitable<bool> read_more();

  std::unique_ptr<memory_transport> end_;
  std::vector<std::string>& log_;
  std::string input_;
};

class scripted_peer {
 public:
  using script = std::function<boost::asio::awaitable<void>(wire&)>;

  scripted_peer();
  ~scripted_peer();

  /// For the next connection that no script is for yet.
  scripted_peer& next(script what);
  /// For each connection beyond. Without one they are refused with connect_error.
  scripted_peer& always(script what);

  http::connect_function connector() const;

  /// How many connections were made.
  std::size_t connections() const noexcept;
  /// "host:port" of each.
  const std::vector<std::string>& targets() const noexcept;
  const std::vector<std::string>& requests() const noexcept;
  /// How many scripts are still running.
  std::size_t open() const noexcept;

 private:
  struct state;
  std::shared_ptr<state> state_;
};

}  // namespace braid::testing
