#pragma once

#include <boost/asio/this_coro.hpp>
#include <catch2/catch.hpp>
#include <string>

#include <braid/core/error.hpp>
#include <braid/http/client.hpp>
#include <braid/runtime/sleep.hpp>
#include <braid/runtime/task_group.hpp>
#include <braid/runtime/timer_queue.hpp>
#include <braid/testing/run_virtual.hpp>
#include <braid/testing/scripted_peer.hpp>

namespace client_tests {

using namespace braid;
using namespace std::chrono_literals;
using testing::run_virtual;
using testing::scripted_peer;
using testing::wire;

inline http::client client_of(const scripted_peer& peer, http::client_options options = {}) {
  options.connector = peer.connector();
  return http::client(options);
}

/// A script that answers every request with these bytes.
inline scripted_peer::script answers(std::string bytes) {
  return [bytes](wire& w) -> awaitable<void> { co_await w.answer_all(bytes); };
}

/// A script that reads one request and then sends bytes and closes.
inline scripted_peer::script answers_and_closes(std::string bytes) {
  return [bytes](wire& w) -> awaitable<void> {
    co_await w.read_request();
    co_await w.send(bytes);
  };
}

inline std::string ok(std::string body, std::string fields = "") {
  return "HTTP/1.1 200 OK\r\n" + fields + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

/// What a request came to: the body, or class and message of its failure.
inline awaitable<std::string> outcome_of(awaitable<http::response> asking) {
  try {
    http::response got = co_await std::move(asking);
    co_return got.take_body();
  } catch (const error& e) {
    co_return std::string(to_string(e.code())) + ": " + e.what();
  }
}

inline awaitable<std::string> pool_of(http::client client) {
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  co_return client.pool_state(executor);
}

inline const std::string clean = "[hosts: 0 | connections: 0 active, 0 idle | waiting: 0]";
inline const std::string one_idle = "[hosts: 1 | connections: 0 active, 1 idle | waiting: 0]";

}  // namespace client_tests
