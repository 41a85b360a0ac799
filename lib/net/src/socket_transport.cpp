#include "socket_transport.hpp"

#include <sys/socket.h>
#include <sys/uio.h>

#include <array>
#include <cerrno>

#include "handler_memory.hpp"
#include "io_context_of.hpp"
#include "reactor_read.hpp"

namespace braid::net {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

enum class direction { read, write };

/// A peer that always has more would otherwise keep its reader from ever giving way to other coroutines.
constexpr unsigned most_at_once = 4;

error_code last_error() { return {errno, boost::system::system_category()}; }

/// The part of op.from that is still to be sent, as far as it fits. Returns how many entries, and their bytes.
std::size_t remaining(const operation& op, std::array<iovec, 16>& out, std::size_t& bytes) {
  std::size_t skip = op.result.size;
  std::size_t count = 0;
  bytes = 0;
  for (const asio::const_buffer& buffer : op.from) {
    if (count == out.size()) break;
    if (skip >= buffer.size()) {
      skip -= buffer.size();
      continue;
    }
    out[count].iov_base = const_cast<void*>((buffer + skip).data());
    out[count].iov_len = buffer.size() - skip;
    bytes += out[count++].iov_len;
    skip = 0;
  }
  return count;
}

}  // namespace

struct socket_transport::state {
  template <direction D>
  class plain_handler;
  template <direction D>
  class bound_handler;

  struct side {
    operation* op = nullptr;
    bool cancelled = false;  // asked to end, as against caught by the socket's cancel() of both directions
    handler_memory memory;
  };

  explicit state(stream_socket connected) : socket(std::move(connected)), fd(socket.native_handle()) {}

#if BRAID_REACTOR_READ
  void arrived_from_reactor(error_code error, std::size_t size) { arrived<direction::read>(error, size); }
  void abandoned_by_reactor() { abandoned<direction::read>(); }
#endif

  template <direction D>
  side& at() noexcept {
    return D == direction::read ? reader : writer;
  }

  template <direction D>
  void launch();
  template <direction D, class Handler>
  void launch(Handler handler);
  template <direction D>
  void arrived(error_code error, std::size_t size);
  template <direction D>
  void abandoned() noexcept;

  bool send_now(operation& op);
  bool receive_now(operation& op);
  void cancel_both() noexcept;

#if BRAID_REACTOR_READ
  reactor_socket<stream_socket> socket;
  reactor_read<state> read_op{*this};
#else
  stream_socket socket;
#endif
  int fd;
  unsigned handlers = 0;  // how many will still call back
  bool orphaned = false;  // the transport is gone; the last handler deletes the state
  // The last read took all there was. Its end of the stream may have been there as well, though, unseen: only when
  // something has been sent since, which a closed peer answers with a reset, is waiting safe and a try pointless.
  bool drained = true;
  bool answer_due = true;
  unsigned at_once = 0;  // reads since the reactor had its turn
  side reader;
  side writer;
};

/// For coroutines that run on the io_context itself: completes inside the reactor's callback.
template <direction D>
class socket_transport::state::plain_handler {
 public:
  using allocator_type = handler_allocator<void>;

  explicit plain_handler(state* owner) noexcept : owner_(owner), memory_(&owner->at<D>().memory) {}
  plain_handler(plain_handler&& other) noexcept
      : owner_(std::exchange(other.owner_, nullptr)), memory_(other.memory_) {}
  ~plain_handler() {
    if (owner_ != nullptr) owner_->abandoned<D>();
  }

  allocator_type get_allocator() const noexcept { return allocator_type(memory_); }

  void operator()(error_code error, std::size_t size = 0) { std::exchange(owner_, nullptr)->arrived<D>(error, size); }

 private:
  state* owner_;
  handler_memory* memory_;
};

/// For coroutines on a strand, or on another context: everything of the stream happens inside their executor.
template <direction D>
class socket_transport::state::bound_handler : public plain_handler<D> {
 public:
  using executor_type = asio::any_io_executor;

  explicit bound_handler(state* owner) : plain_handler<D>(owner), executor_(owner->at<D>().op->executor()) {}

  executor_type get_executor() const noexcept { return executor_; }

 private:
  asio::any_io_executor executor_;
};

template <direction D, class Handler>
void socket_transport::state::launch(Handler handler) {
  if constexpr (D == direction::read) {
    reader.op->take_room();
    socket.async_read_some(reader.op->into, std::move(handler));
  } else {
    socket.async_wait(stream_socket::wait_write, std::move(handler));
  }
}

template <direction D>
void socket_transport::state::launch() {
  ++handlers;
  const auto* executor = at<D>().op->executor().template target<asio::io_context::executor_type>();
  if (executor != nullptr && *executor == socket.get_executor()) {
#if BRAID_REACTOR_READ
    if constexpr (D == direction::read) {
      read_op.prepare(fd, *reader.op);
      return socket.start_read(read_op);
    }
#endif
    launch<D>(plain_handler<D>(this));
  } else {
    launch<D>(bound_handler<D>(this));
  }
}

template <direction D>
void socket_transport::state::arrived(error_code error, std::size_t size) {
  --handlers;
  side& half = at<D>();
  if (error == asio::error::operation_aborted && !half.cancelled) return launch<D>();  // the other direction's cancel
  operation& op = *half.op;
  if constexpr (D == direction::read) {
    op.result.size = size;
    at_once = 0;
    drained = !error && size < op.into.size();
    answer_due = false;
  } else if (!error && !half.cancelled) {
    if (!send_now(op)) return launch<D>();
    error = op.result.error;
  } else if (half.cancelled) {
    error = asio::error::operation_aborted;
  }
  half.op = nullptr;
  half.cancelled = false;
  if (orphaned && handlers == 0) delete this;
  op.complete(error);
}

template <direction D>
void socket_transport::state::abandoned() noexcept {
  --handlers;
  operation* op = std::exchange(at<D>().op, nullptr);
  if (orphaned && handlers == 0) delete this;
  op->abandon();
}

/// True when the write has ended, well or not; false when the socket's buffer is full.
bool socket_transport::state::send_now(operation& op) {
  for (;;) {
    std::array<iovec, 16> parts;
    std::size_t wanted = 0;
    const std::size_t count = remaining(op, parts, wanted);
    if (count == 0) return true;
    ssize_t sent = 0;
    if (count == 1) {
      sent = ::send(fd, parts[0].iov_base, parts[0].iov_len, MSG_NOSIGNAL | MSG_DONTWAIT);
    } else {
      msghdr message{};
      message.msg_iov = parts.data();
      message.msg_iovlen = count;
      sent = ::sendmsg(fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    }
    if (sent >= 0) {
      answer_due = drained;
      op.result.size += static_cast<std::size_t>(sent);
      if (static_cast<std::size_t>(sent) < wanted) return false;
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      return false;
    } else if (errno != EINTR) {
      op.result.error = last_error();
      return true;
    }
  }
}

bool socket_transport::state::receive_now(operation& op) {
  const receive_result got = receive(fd, op);
  if (got.would_block) return false;
  op.result.error = got.error;
  op.result.size = got.size;
  drained = !got.error && got.size < op.into.size();
  answer_due = false;
  return true;
}

void socket_transport::state::cancel_both() noexcept {
  reader.cancelled = reader.op != nullptr;
  writer.cancelled = writer.op != nullptr;
}

socket_transport::socket_transport(stream_socket socket, const endpoint& peer)
    : state_(new state(std::move(socket))), peer_(peer) {}

socket_transport::~socket_transport() {
  close();
  if (state_->handlers == 0) {
    delete state_;
  } else {
    state_->orphaned = true;
  }
}

void socket_transport::cancel() noexcept {
  if (state_->handlers == 0) return;
  state_->cancel_both();
  error_code ignored;
  state_->socket.cancel(ignored);
}

void socket_transport::cancel(operation& op) noexcept {
  auto& side = state_->reader.op == &op ? state_->reader : state_->writer;
  if (side.op != &op) return;
  side.cancelled = true;
  error_code ignored;
  state_->socket.cancel(ignored);
}

void socket_transport::close() noexcept {
  state_->cancel_both();
  error_code ignored;
  state_->socket.close(ignored);
  state_->fd = -1;
}

void socket_transport::reset() noexcept {
  const linger at_once{1, 0};
  ::setsockopt(state_->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  close();
}

bool socket_transport::is_open() const noexcept { return state_->fd >= 0; }

bool socket_transport::is_quiet() noexcept {
  if (state_->handlers != 0) return false;
  char byte = 0;
  const ssize_t got = ::recv(state_->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  if (got > 0) state_->answer_due = false;  // it is here: the next read need not wait for it
  return got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

std::string socket_transport::peer_description() const { return peer_.str(); }

std::string socket_transport::local_description() const {
  sockaddr_storage address{};
  socklen_t size = sizeof(address);
  if (::getsockname(state_->fd, reinterpret_cast<sockaddr*>(&address), &size) != 0) return {};
  const bool named = address.ss_family == AF_INET || address.ss_family == AF_INET6;
  return named ? endpoint::from_native(reinterpret_cast<const sockaddr*>(&address), size).str() : std::string();
}

bool socket_transport::try_read(operation& op) {
  if (op.into.size() == 0 && !op.room) return true;
  if (state_->answer_due || state_->at_once >= most_at_once) return false;
  if (!state_->receive_now(op)) return false;
  ++state_->at_once;
  return true;
}

void socket_transport::start_read(operation& op) {
  state_->reader.op = &op;
  state_->launch<direction::read>();
}

bool socket_transport::try_write(operation& op) { return state_->send_now(op); }

void socket_transport::start_write(operation& op) {
  state_->writer.op = &op;
  state_->launch<direction::write>();
}

bool socket_transport::try_shutdown(operation& op) {
  if (::shutdown(state_->fd, SHUT_WR) != 0) op.result.error = last_error();
  return true;
}

void socket_transport::start_shutdown(operation&) {}

}  // namespace braid::net
