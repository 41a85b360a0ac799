#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/un.h>
#include <unistd.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <braid/core/clock.hpp>
#include <braid/core/error.hpp>
#include <braid/net/listener.hpp>

#include "io_context_of.hpp"
#include "socket_transport.hpp"

namespace braid::net {

namespace asio = boost::asio;
using boost::system::error_code;
using executor_type = asio::io_context::executor_type;
using protocol = asio::generic::stream_protocol;

struct listener::state {
  explicit state(asio::io_context& context) : acceptor(context), pause(context) {}

  asio::basic_socket_acceptor<protocol, executor_type> acceptor;
  asio::basic_waitable_timer<clock, asio::wait_traits<clock>, executor_type> pause;
  bool closed = false;
};

namespace {

/// After a failure that is ours, such as no free descriptors: trying again at once would spin.
constexpr auto pause_when_exhausted = std::chrono::milliseconds(20);

bool peer_gone(const error_code& error) {
  return error == asio::error::connection_aborted || error == asio::error::connection_reset ||
         error == error_code(EPROTO, boost::system::system_category());
}

void check(const error_code& error, const endpoint& at) {
  if (error) throw connect_error("listen on " + at.str() + ": " + error.message());
}

void set(int descriptor, int level, int option) {
  const int on = 1;
  ::setsockopt(descriptor, level, option, &on, sizeof on);
}

/// A socket file that a program before us left behind would refuse us the path; one that somebody answers on does.
void remove_stale(const endpoint& at) {
  const int probe = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (probe < 0) return;
  const bool refused = ::connect(probe, at.data(), static_cast<socklen_t>(at.size())) != 0 && errno == ECONNREFUSED;
  ::close(probe);
  if (refused) ::unlink(at.address().c_str());
}

}  // namespace

listener::listener(const asio::any_io_executor& executor, const endpoint& at, const listen_options& options)
    : state_(std::make_shared<state>(io_context_of(executor))) {
  auto& acceptor = state_->acceptor;
  const bool local = at.family() == AF_UNIX;
  const protocol::endpoint native(at.data(), at.size(), local ? 0 : IPPROTO_TCP);
  error_code error;
  acceptor.open(native.protocol(), error);
  check(error, at);
  const int descriptor = acceptor.native_handle();
  if (local) {
    remove_stale(at);
  } else {
    set(descriptor, SOL_SOCKET, SO_REUSEADDR);
    if (options.reuse_port) set(descriptor, SOL_SOCKET, SO_REUSEPORT);
  }
  acceptor.bind(native, error);
  check(error, at);
  acceptor.listen(options.backlog, error);
  check(error, at);
  sockaddr_storage taken{};
  socklen_t size = sizeof taken;
  ::getsockname(descriptor, reinterpret_cast<sockaddr*>(&taken), &size);
  local_ = endpoint::from_native(reinterpret_cast<const sockaddr*>(&taken), size);
}

listener::listener(listener&&) noexcept = default;

listener& listener::operator=(listener&& other) noexcept {
  if (this != &other) {
    close();
    state_ = std::move(other.state_);
    local_ = other.local_;
  }
  return *this;
}

listener::~listener() { close(); }

void listener::close() noexcept {
  if (!state_) return;
  error_code ignored;
  state_->closed = true;
  state_->acceptor.close(ignored);
  state_->pause.cancel();
}

asio::awaitable<std::unique_ptr<transport>> listener::accept() {
  const std::shared_ptr<state> own = state_;  // the listener may be destroyed meanwhile
  const endpoint local = local_;
  while (!own->closed) {
    stream_socket socket(own->acceptor.get_executor());
    protocol::endpoint peer;
    const auto [error] = co_await own->acceptor.async_accept(socket, peer, asio::as_tuple(asio::use_awaitable));
    if (error == asio::error::operation_aborted || error == asio::error::bad_descriptor) break;
    if (peer_gone(error)) continue;
    if (error) {
      own->pause.expires_after(pause_when_exhausted);
      co_await own->pause.async_wait(asio::as_tuple(asio::use_awaitable));
      continue;
    }
    endpoint from = local;
    if (peer.protocol().family() != AF_UNIX) {
      set(socket.native_handle(), IPPROTO_TCP, TCP_NODELAY);
      from = endpoint::from_native(static_cast<const sockaddr*>(peer.data()), peer.size());
    }
    co_return std::make_unique<socket_transport>(std::move(socket), from);
  }
  throw boost::system::system_error(asio::error::operation_aborted);
}

}  // namespace braid::net
