#pragma once

#include <sys/socket.h>

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/detail/reactor.hpp>
#include <boost/asio/detail/reactor_op.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/version.hpp>
#include <braid/net/operation.hpp>
#include <cerrno>

// Reads that are queued with Asio's reactor directly. It saves the handler's record and, which matters more, a system
// call: Asio tries a recv whenever a read begins, in vain where the answer to a request is yet to come, unless the read
// before reported that it left nothing behind. Asio's own reads report that at the end of the stream only.
//
// This is Asio's interior, so it is for the version it was written for; others read through the public interface.
#if BOOST_ASIO_VERSION == 102600 && defined(BOOST_ASIO_HAS_EPOLL) && !defined(BOOST_ASIO_HAS_IO_URING_AS_DEFAULT)
#define BRAID_REACTOR_READ 1
#else
#define BRAID_REACTOR_READ 0
#endif

namespace braid::net {

/// The end of one recv that does not wait.
struct receive_result {
  bool would_block = false;
  boost::system::error_code error;
  std::size_t size = 0;
};

inline receive_result receive(int descriptor, operation& op) {
  op.take_room();
  receive_result result;
  for (;;) {
    const ssize_t got = ::recv(descriptor, op.into.data(), op.into.size(), MSG_DONTWAIT);
    if (got > 0) {
      result.size = static_cast<std::size_t>(got);
    } else if (got == 0) {
      result.error = boost::asio::error::eof;
    } else if (errno == EINTR) {
      continue;
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      result.would_block = true;
      op.put_room_back();
    } else {
      result.error.assign(errno, boost::system::system_category());
    }
    return result;
  }
}

#if BRAID_REACTOR_READ

/// A stream socket that lets one in to its registration with the reactor.
template <class Socket>
class reactor_socket : public Socket {
 public:
  explicit reactor_socket(Socket socket)
      : Socket(std::move(socket)),
        reactor_(&boost::asio::use_service<boost::asio::detail::epoll_reactor>(this->get_executor().context())) {}

  /// Queues `op`, which is performed now if something may be there, otherwise when the socket becomes readable.
  void start_read(boost::asio::detail::reactor_op& op) {
    auto& own = this->impl_.get_implementation();
    reactor_->start_op(boost::asio::detail::reactor::read_op, own.socket_, own.reactor_data_, &op, false, true);
  }

 private:
  boost::asio::detail::epoll_reactor* reactor_;
};

/// One read after the other of `Owner`, which has arrived_from_reactor(error, size) and abandoned_by_reactor().
template <class Owner>
class reactor_read : public boost::asio::detail::reactor_op {
 public:
  explicit reactor_read(Owner& owner) noexcept : reactor_op({}, &perform_read, &complete_read), owner_(owner) {}

  void prepare(int descriptor, net::operation& reading) noexcept {
    ec_ = {};
    bytes_transferred_ = 0;
    descriptor_ = descriptor;
    reading_ = &reading;
  }

 private:
  static status perform_read(boost::asio::detail::reactor_op* base) {
    auto* self = static_cast<reactor_read*>(base);
    const receive_result result = receive(self->descriptor_, *self->reading_);
    if (result.would_block) return not_done;
    self->ec_ = result.error;
    self->bytes_transferred_ = result.size;
    return result.size < self->reading_->into.size() ? done_and_exhausted : done;
  }

  static void complete_read(void* context, boost::asio::detail::operation* base, const boost::system::error_code&,
                            std::size_t) {
    auto* self = static_cast<reactor_read*>(base);
    if (context == nullptr) return self->owner_.abandoned_by_reactor();
    const boost::system::error_code error = self->ec_;
    self->owner_.arrived_from_reactor(error, self->bytes_transferred_);
  }

  Owner& owner_;
  int descriptor_ = -1;
  net::operation* reading_ = nullptr;
};

#endif

}  // namespace braid::net
