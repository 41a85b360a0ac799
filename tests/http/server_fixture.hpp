#pragma once

#include <catch2/catch.hpp>
#include <memory>
#include <string>

#include <braid/http/server.hpp>
#include <braid/runtime/sleep.hpp>
#include <braid/runtime/task_group.hpp>
#include <braid/testing/memory_transport.hpp>
#include <braid/testing/run_virtual.hpp>

namespace server_tests {

using namespace braid;
using namespace std::chrono_literals;
using testing::memory_transport;
using testing::run_virtual;

/// A server and the other end of one connection to it.
struct visitor {
  explicit visitor(http::server_handler handler, http::server_options options = {}, std::size_t capacity = 64 * 1024)
      : server(std::move(handler), std::move(options)) {
    auto ends = memory_transport::make_pair(capacity);
    client = std::move(ends.first);
    server_end = ends.second.get();
    given = std::move(ends.second);
  }

  awaitable<void> serve() { return server.serve(std::move(given)); }

  awaitable<void> send(std::string text) {
    const net::io_result sent = co_await client->write(asio::buffer(text));
    sent_ok = sent.ok();
  }
  /// Reads until `end` has come, or the stream ends.
  awaitable<std::string> read_until(std::string end) {
    while (received.find(end) == received.npos) {
      char piece[4096];
      const net::io_result got = co_await client->read_some(asio::buffer(piece));
      if (!got.ok()) {
        closed = got.error == asio::error::eof;
        broken = !closed;
        break;
      }
      received.append(piece, got.size);
    }
    const auto at = received.find(end);
    const std::size_t size = at == received.npos ? received.size() : at + end.size();
    std::string out = received.substr(0, size);
    received.erase(0, size);
    co_return out;
  }
  awaitable<std::string> read_all() { return read_until("\xff\xff never sent"); }

  http::server server;
  std::unique_ptr<memory_transport> client;
  memory_transport* server_end = nullptr;
  std::unique_ptr<memory_transport> given;
  std::string received;
  bool closed = false, broken = false, sent_ok = false;
};

/// Runs `talk` against the server until talk has ended, then waits for the server to be done with the connection.
template <class F>
void converse(visitor& with, F talk) {
  run_virtual([&]() -> awaitable<void> {
    co_await with_task_group([&](task_group& group) -> awaitable<void> {
      group.spawn(with.serve());
      co_await talk();
      with.client->close();
    });
  });
}

inline std::string get(std::string_view path, std::string_view more = "") {
  return "GET " + std::string(path) + " HTTP/1.1\r\nHost: test\r\n" + std::string(more) + "\r\n";
}

inline awaitable<http::reply> say_path(http::server_request& request) {
  co_return http::reply::text("<" + std::string(request.path()) + ">");
}

}  // namespace server_tests
