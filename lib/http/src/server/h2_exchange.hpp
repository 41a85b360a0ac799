#pragma once

#include <boost/asio/awaitable.hpp>
#include <string>
#include <string_view>

#include <braid/http/reply.hpp>
#include <braid/http/server_request.hpp>

#include "server/body_pace.hpp"
#include "server/connection.hpp"
#include "server/h2_connection.hpp"

namespace braid::http {

/// A request over HTTP/2 as its handler sees it, and the way of its reply.
class h2_exchange final : public server_request, private reply_stream {
 public:
  /// Lifetime: refers to both.
  h2_exchange(h2_server_connection& on, h2_server_stream& stream)
      : server_request(stream.head),
        on_(on),
        stream_(stream),
        body_pace_(on.shared_.options.timeouts.body, on.shared_.options.limits.body_rate) {}

  /// Has it answered. Throws when the client or the connection has gone.
  boost::asio::awaitable<void> run();

  // server_request
  std::string peer() const override { return on_.stream_.peer_description(); }
  boost::asio::awaitable<std::string_view> read_some() override;
  boost::asio::any_io_executor get_executor() const override { return on_.executor_; }

 private:
  boost::asio::awaitable<reply> call_handler();
  boost::asio::awaitable<void> send_reply(reply& answer);
  boost::asio::awaitable<void> write(std::string_view piece) override;
  boost::asio::awaitable<void> sent();
  boost::asio::awaitable<void> wait(duration limit);

  h2_server_connection& on_;
  h2_server_stream& stream_;
  body_pace body_pace_;
  std::string piece_;  // that read_some() shows
  std::string fields_;
  std::uint64_t left_ = 0;  // of a streaming reply that named its length
  int body_failure_ = 0;    // the status that says why the body could not be read
  int status_ = 0;          // of a streaming reply whose head is not out
  bool has_length_ = false;
};

}  // namespace braid::http
