#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <braid/net/transport.hpp>
#include <braid/runtime/task_group.hpp>
#include <braid/runtime/timer_queue.hpp>
#include <braid/runtime/waiter.hpp>
#include <memory>
#include <string>
#include <string_view>

#include "input_buffer.hpp"
#include "server/h2_session.hpp"
#include "server/reply_encoder.hpp"

namespace braid::http {

struct server_shared;

/// An HTTP/2 connection of a server: one coroutine reads, one writes, one answers each request.
///
/// Threads: its context.
class h2_server_connection {
 public:
  /// The first bytes of a client that begins with HTTP/2 (RFC 9113, 3.4).
  static constexpr std::string_view preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

  /// Lifetime: refers to all of them.
  h2_server_connection(net::transport& stream, const server_shared& shared,
                       const boost::asio::any_io_executor& executor);

  /// Until the connection ends; `first` is what has been read of it already. The caller closes the stream.
  /// Cancellation: ends requests under way.
  boost::asio::awaitable<void> run(std::string_view first);
  /// Takes no new requests; the connection ends with those under way.
  void drain();

 private:
  friend class h2_exchange;
  struct deadline : timer {
    h2_server_connection* owner = nullptr;
  };

  boost::asio::awaitable<void> read_all(task_group& group);
  boost::asio::awaitable<void> write_all();
  boost::asio::awaitable<void> answer(std::unique_ptr<h2_server_stream> request);
  void start_requests(task_group& group);
  void arm();
  void pump();

  net::transport& stream_;
  const server_shared& shared_;
  boost::asio::any_io_executor executor_;
  timer_queue& timers_;
  h2_server_session session_;
  reply_encoder encoder_;
  net::io_wait read_, write_;
  input_buffer input_;
  std::string output_;
  deadline deadline_, write_deadline_;
  waiter to_write_, written_;
  bool in_header_ = false;
  bool draining_ = false;
  bool reading_ = false;
  bool ended_ = false;  // nothing more is read
};

}  // namespace braid::http
