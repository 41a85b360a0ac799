#pragma once

#include <braid/net/tls.hpp>
#include <string>

#include "certificates.hpp"
#include "net_fixture.hpp"

namespace net_test {

using braid::net::tls_options;

inline tls_options server_options(const std::string& name = "good") {
  const certificates& files = certificates::shared();
  return tls_options().certificate(files.chain(name), files.key(name));
}

inline tls_options client_options() { return tls_options().ca_file(certificates::shared().ca()); }

/// Both ends shake hands; each end's failure is kept.
struct handshake {
  tls_options client = client_options();
  tls_options server = server_options();
  std::string name = "localhost";

  stream_pair ends;
  std::string client_failure;
  std::string server_failure;

  awaitable<void> run() {
    const asio::any_io_executor executor = co_await asio::this_coro::executor;
    stream_pair raw = co_await connected();
    task other;
    other.start(executor, accept(std::move(raw.second)));
    try {
      ends.first = co_await braid::net::tls_connect(std::move(raw.first), name, client);
    } catch (const std::exception& failure) {
      client_failure = failure.what();
    }
    while (!other.done) co_await yield();
  }

 private:
  awaitable<void> accept(std::unique_ptr<transport> raw) {
    try {
      ends.second = co_await braid::net::tls_accept(std::move(raw), server);
    } catch (const std::exception& failure) {
      server_failure = failure.what();
    }
  }
};

}  // namespace net_test
