#include <braid/http/server.hpp>

#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <system_error>
#include <utility>
#include <vector>

#include <boost/asio/this_coro.hpp>

#include <braid/core/error.hpp>
#include <braid/net/listener.hpp>
#include <braid/runtime/run_on.hpp>
#include <braid/runtime/runtime.hpp>
#include <braid/runtime/task_group.hpp>

#include "server/connection_set.hpp"

namespace braid::http {

namespace {

/// Holds an address without listening on it, from listen() on: whoever else listens there shows at once, port 0 has its
/// number, and the listeners, one a context, can then share it.
class reservation {
 public:
  explicit reservation(net::endpoint& at) : socket_(::socket(at.family(), SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const int on = 1;
    if (socket_ >= 0) ::setsockopt(socket_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (socket_ < 0 || ::bind(socket_, at.data(), static_cast<socklen_t>(at.size())) != 0) {
      const int failure = errno;
      if (socket_ >= 0) ::close(socket_);
      throw connect_error("listen on " + at.str() + ": " + std::generic_category().message(failure));
    }
    // Only now: set before bind(), it would let two servers share a port without either knowing.
    ::setsockopt(socket_, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
    sockaddr_storage bound{};
    socklen_t size = sizeof bound;
    if (::getsockname(socket_, reinterpret_cast<sockaddr*>(&bound), &size) == 0) {
      at = net::endpoint::from_native(reinterpret_cast<const sockaddr*>(&bound), size);
    }
  }
  reservation(reservation&& other) noexcept : socket_(std::exchange(other.socket_, -1)) {}
  reservation& operator=(reservation&&) = delete;
  ~reservation() {
    if (socket_ >= 0) ::close(socket_);
  }

 private:
  int socket_;
};

}  // namespace

struct server::state {
  std::shared_ptr<server_shared> shared = std::make_shared<server_shared>();
  std::vector<net::endpoint> addresses;
  std::vector<reservation> reservations;
};

namespace {

boost::asio::awaitable<void> accept_all(net::listener& from, connection_set& into, std::size_t limit) {
  for (;;) {
    co_await into.wait_below(limit);
    auto stream = co_await from.accept();
    into.add(std::move(stream));
  }
}

/// Serves on the context it runs on, until cancelled.
boost::asio::awaitable<void> serve_here(std::shared_ptr<const server_shared> shared,
                                        std::vector<net::endpoint> addresses,
                                        std::shared_ptr<std::atomic<std::size_t>> opening) {
  const boost::asio::any_io_executor executor = co_await boost::asio::this_coro::executor;
  net::listen_options how;
  how.reuse_port = true;
  std::vector<net::listener> listeners;
  for (const net::endpoint& address : addresses) listeners.emplace_back(executor, address, how);
  if (opening->fetch_sub(1) == 1 && shared->options.on_listening) shared->options.on_listening();
  connection_set connections(shared, executor);
  std::exception_ptr end;
  try {
    co_await with_task_group([&](task_group& group) -> boost::asio::awaitable<void> {
      for (net::listener& each : listeners) {
        group.spawn(accept_all(each, connections, shared->options.limits.connections));
      }
      co_return;
    });
  } catch (...) {
    end = std::current_exception();
  }
  listeners.clear();
  // What ended the accepting is known; from here on a cancellation means "at once".
  co_await boost::asio::this_coro::reset_cancellation_state(boost::asio::enable_terminal_cancellation());
  co_await connections.drain(shared->options.timeouts.drain);
  if (end) std::rethrow_exception(end);
}

}  // namespace

server::server(server_handler handler, server_options options) : state_(std::make_unique<state>()) {
  if (!handler) throw invalid_argument("server: no handler");
  state_->shared->handler = std::move(handler);
  state_->shared->options = std::move(options);
  auto& tls = state_->shared->options.tls;
  if (state_->shared->options.http2 && tls && tls->alpn().empty()) tls->alpn({"h2", "http/1.1"});
}

server::~server() = default;

void server::listen(std::string_view address, std::uint16_t port) {
  auto at = net::endpoint::parse(address, port);
  if (!at) throw invalid_argument("server: \"" + std::string(address) + "\" is no numeric address");
  state_->reservations.emplace_back(*at);
  state_->addresses.push_back(*at);
}

std::uint16_t server::local_port() const { return state_->addresses.empty() ? 0 : state_->addresses.front().port(); }

boost::asio::awaitable<void> server::serve() {
  if (state_->addresses.empty()) throw invalid_argument("server: listen() first");
  const boost::asio::any_io_executor here = co_await boost::asio::this_coro::executor;
  std::vector<boost::asio::any_io_executor> elsewhere;
  context* const home = context::of(here);
  if (runtime* all = home ? &home->owner() : nullptr) {
    for (unsigned i = 0; i < all->size(); ++i) {
      if (i != home->index()) elsewhere.push_back(all->at(i).executor());
    }
  }
  const auto opening = std::make_shared<std::atomic<std::size_t>>(elsewhere.size() + 1);
  co_await with_task_group([&](task_group& group) -> boost::asio::awaitable<void> {
    group.spawn(serve_here(state_->shared, state_->addresses, opening));
    for (const boost::asio::any_io_executor& where : elsewhere) {
      // A copy of what it needs: the other context must not read this frame.
      auto there = [shared = state_->shared, addresses = state_->addresses, opening] {
        return serve_here(shared, addresses, opening);
      };
      group.spawn(run_on(where, std::move(there)));
    }
    co_return;
  });
}

boost::asio::awaitable<void> server::serve(std::unique_ptr<net::transport> connection) {
  const boost::asio::any_io_executor executor = co_await boost::asio::this_coro::executor;
  connection_set connections(state_->shared, executor);
  connections.add(std::move(connection));
  std::exception_ptr end;
  try {
    co_await connections.wait_below(1);
  } catch (...) {
    end = std::current_exception();
  }
  co_await boost::asio::this_coro::reset_cancellation_state(boost::asio::enable_terminal_cancellation());
  co_await connections.drain(state_->shared->options.timeouts.drain);
  if (end) std::rethrow_exception(end);
}

}  // namespace braid::http
