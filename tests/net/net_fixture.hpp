#pragma once

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <braid/net/listener.hpp>
#include <braid/net/socket.hpp>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace net_test {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using braid::net::endpoint;
using braid::net::io_result;
using braid::net::io_wait;
using braid::net::transport;
template <class T>
using awaitable = asio::awaitable<T>;
using stream_pair = std::pair<std::unique_ptr<transport>, std::unique_ptr<transport>>;

/// Starts a coroutine whose failure the test reads from `failure`, and that `stop` cancels.
struct task {
  std::exception_ptr failure;
  bool done = false;
  asio::cancellation_signal stop;

  template <class Executor>
  void start(const Executor& executor, awaitable<void> body) {
    asio::co_spawn(executor, std::move(body),
                   asio::bind_cancellation_slot(stop.slot(), [this](std::exception_ptr thrown) {
                     failure = thrown;
                     done = true;
                   }));
  }
  void cancel() { stop.emit(asio::cancellation_type::terminal); }
};

/// Runs a coroutine to its end on `executor`'s context, in this thread.
template <class Executor>
void run_on(asio::io_context& context, const Executor& executor, awaitable<void> body) {
  task main;
  main.start(executor, std::move(body));
  context.restart();
  context.run();
  if (main.failure) std::rethrow_exception(main.failure);
}

inline void run(awaitable<void> body) {
  asio::io_context context(1);
  run_on(context, context.get_executor(), std::move(body));
}

inline endpoint loopback(std::uint16_t port = 0) { return *endpoint::parse("127.0.0.1", port); }

/// Two ends of one connection, over loopback or a Unix socket.
inline awaitable<stream_pair> connected(endpoint at = loopback()) {
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  braid::net::listener door(executor, at);
  auto client = co_await braid::net::connect_socket(door.local_endpoint());
  auto server = co_await door.accept();
  co_return stream_pair(std::move(client), std::move(server));
}

inline awaitable<void> yield() {
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  co_await asio::post(executor, asio::use_awaitable);
}

/// Reads until `size` bytes are there or the stream ends.
inline awaitable<std::string> read_exactly(transport& from, std::size_t size) {
  std::string out(size, '\0');
  std::size_t have = 0;
  io_wait io;
  while (have < size) {
    co_await io.read_some(from, asio::buffer(out.data() + have, size - have));
    have += io.result.size;
    if (io.result.error) break;
  }
  out.resize(have);
  co_return out;
}

inline awaitable<io_result> write_text(transport& to, std::string text) {
  io_result result = co_await to.write(asio::buffer(text));
  co_return result;
}

}  // namespace net_test
