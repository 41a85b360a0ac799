#pragma once

#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <string>
#include <string_view>
#include <thread>

#include "../net/certificates.hpp"
#include "client_fixture.hpp"

#include <braid/http/server.hpp>
#include <braid/runtime/runtime.hpp>

namespace client_tests {

using net_test::certificates;

/// A server on a thread of its own.
class local_server {
 public:
  explicit local_server(http::server_handler handler, http::server_options options = {}, std::string at = "127.0.0.1") {
    std::atomic<bool> listening = false;
    thread_ =
        std::thread([this, &listening, &at, handler = std::move(handler), options = std::move(options)]() mutable {
          options.on_listening = [&listening] { listening = true; };
          http::server site(std::move(handler), std::move(options));
          site.listen(at, 0);
          port_ = site.local_port();
          boost::asio::co_spawn(io_, site.serve(), boost::asio::detached);
          io_.run();
        });
    // Before it listens, connections would be refused.
    while (!listening) std::this_thread::yield();
  }
  ~local_server() {
    io_.stop();
    thread_.join();
  }
  std::string url(std::string_view path, std::string_view scheme = "http", std::string_view host = "127.0.0.1") const {
    return std::string(scheme) + "://" + std::string(host) + ":" + std::to_string(port_) + std::string(path);
  }
  std::uint16_t port() const { return port_; }

 private:
  boost::asio::io_context io_{1};
  std::thread thread_;
  std::uint16_t port_ = 0;
};

/// Answers with what it was asked for.
inline awaitable<http::reply> say_path(http::server_request& request) {
  const std::string body = co_await request.body();
  co_return http::reply::text(std::string(request.path()) + body);
}

inline http::server_options with_certificate(const std::string& name) {
  const certificates& all = certificates::shared();
  net::tls_options tls;
  tls.certificate(all.chain(name), all.key(name));
  http::server_options out;
  out.tls = tls;
  return out;
}

inline http::client_options trusting() {
  http::client_options out;
  out.tls.ca_file(certificates::shared().ca());
  return out;
}

/// outcome_of() a GET in real time.
inline std::string get_once(http::client_options options, std::string url) {
  runtime one;
  return one.run([&]() -> awaitable<std::string> {
    http::client client(options);
    std::string got = co_await outcome_of(client.get(url));
    co_return got;
  });
}

inline bool has(std::string_view text, std::string_view piece) { return text.find(piece) != text.npos; }

}  // namespace client_tests
