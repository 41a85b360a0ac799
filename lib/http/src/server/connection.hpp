#pragma once

#include <array>
#include <boost/asio/cancellation_signal.hpp>
#include <ctime>
#include <exception>
#include <memory>

#include <braid/http/server.hpp>
#include <braid/net/transport.hpp>
#include <braid/runtime/timer_queue.hpp>

#include "input_buffer.hpp"
#include "server/body_pace.hpp"
#include "server/reply_encoder.hpp"
#include "server/request_parser.hpp"

namespace braid::http {

/// What all connections of a server have in common.
struct server_shared {
  server_handler handler;
  server_options options;

  server_shared() = default;
};

/// Lies before the connection's bases because server_request refers into it.
struct parser_holder {
  explicit parser_holder(const request_limits& limits) : parser_(limits) {}
  request_parser parser_;
};

/// One connection: reads requests, has them answered, sends the replies, in order.
///
/// Every wait is bounded by one timer, armed anew for each phase; the phase says what its end means.
/// Threads: its context.
class server_connection final : private parser_holder, public server_request, private reply_stream {
 public:
  server_connection(std::unique_ptr<net::transport> stream, std::shared_ptr<const server_shared> shared,
                    const boost::asio::any_io_executor& executor);
  ~server_connection();

  /// Serves until the connection ends. Does not throw. Must be spawned with signal()'s slot.
  boost::asio::awaitable<void> run();
  boost::asio::cancellation_signal& signal() { return abort_; }
  /// The request in flight is the last one; without one the connection closes now.
  void drain();
  /// Ends everything now.
  void abort();

  // server_request
  std::string peer() const override { return stream_->peer_description(); }
  boost::asio::awaitable<std::string_view> read_some() override;
  boost::asio::any_io_executor get_executor() const override { return executor_; }

 private:
  enum class phase : std::uint8_t { none, handshake, idle, header, body, handler, write, linger };
  enum class opening : std::uint8_t { http1, http2, gone };
  struct deadline : timer {
    server_connection* owner = nullptr;
  };

  boost::asio::awaitable<void> shake_hands();
  boost::asio::awaitable<opening> begin();
  boost::asio::awaitable<void> serve_http2();
  boost::asio::awaitable<void> serve();
  boost::asio::awaitable<bool> answer();
  boost::asio::awaitable<reply> call_handler();
  boost::asio::awaitable<bool> send_reply(reply& answer, const reply_encoder::plan& how);
  boost::asio::awaitable<bool> skip_body();
  boost::asio::awaitable<void> refuse(int status, std::string_view reason);
  boost::asio::awaitable<void> say_goodbye(bool linger);
  boost::asio::awaitable<void> write(std::string_view piece) override;

  reply failure_reply(const std::exception_ptr& failure);
  void enter(phase what);
  static void expired(timer& which);
  request_parser::event parse();
  boost::asio::awaitable<bool> read_more(phase why);
  boost::asio::awaitable<bool> send(std::span<const boost::asio::const_buffer> pieces);

  std::unique_ptr<net::transport> stream_;
  std::shared_ptr<const server_shared> shared_;
  boost::asio::any_io_executor executor_;
  timer_queue& timers_;
  deadline deadline_;
  boost::asio::cancellation_signal abort_;
  net::io_wait read_, write_;
  input_buffer input_;
  reply_encoder encoder_;
  std::string output_;
  std::size_t requests_ = 0;
  std::uint64_t stream_left_ = 0;                   // of a streaming reply that named its length
  std::unique_ptr<class h2_server_connection> h2_;  // of a connection that speaks HTTP/2
  reply_encoder::framing framing_ = reply_encoder::framing::none;
  phase phase_ = phase::none;
  phase expired_ = phase::none;
  bool draining_ = false;
  bool aborted_ = false;
  bool continue_owed_ = false;  // the peer waits for "100 Continue" before it sends the body
  bool body_done_ = false;
  body_pace body_pace_;
  int body_failure_ = 0;  // the status that says why the body could not be read
};

}  // namespace braid::http
