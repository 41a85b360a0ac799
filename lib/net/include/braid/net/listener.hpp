#pragma once

#include <braid/net/endpoint.hpp>
#include <braid/net/transport.hpp>

namespace braid::net {

struct listen_options {
  int backlog = 4096;
  /// Lets several listeners, one a context, share an address; the kernel spreads connections over them.
  bool reuse_port = false;
};

/// Accepts connections on one address. Port 0 takes a free port; local_endpoint() says which.
///
/// Threads: one at a time, in the context of the executor it was made with.
class listener {
 public:
  /// Throws: connect_error, "listen on 127.0.0.1:80: Permission denied"; invalid_argument for an executor that belongs
  /// to no io_context.
  listener(const boost::asio::any_io_executor& executor, const endpoint& at, const listen_options& options = {});
  listener(listener&&) noexcept;
  listener& operator=(listener&&) noexcept;
  ~listener();

  /// The next connection. What goes wrong with one peer is passed over; when the process is out of descriptors it
  /// waits a little, so that connections wait in the backlog and the loop does not spin.
  ///
  /// Cancellation: no connection is lost. Also ended by close(), then with operation_aborted.
  boost::asio::awaitable<std::unique_ptr<transport>> accept();

  /// Where it listens, with the port that was taken.
  const endpoint& local_endpoint() const noexcept { return local_; }

  void close() noexcept;

 private:
  struct state;
  std::shared_ptr<state> state_;
  endpoint local_;
};

}  // namespace braid::net
