#pragma once

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <braid/net/endpoint.hpp>
#include <braid/net/transport.hpp>

namespace braid::net {

using stream_socket =
    boost::asio::basic_stream_socket<boost::asio::generic::stream_protocol, boost::asio::io_context::executor_type>;

/// A connected TCP or Unix socket.
///
/// Writes are sent at once by our own system call; the reactor is only asked when the socket's buffer is full. Reads go
/// through the reactor with plain handlers kept in storage of the stream: nothing is allocated and no erased executor
/// is asked per operation.
class socket_transport final : public transport {
 public:
  /// Takes a connected socket.
  socket_transport(stream_socket socket, const endpoint& peer);
  ~socket_transport() override;

  void cancel() noexcept override;
  void close() noexcept override;
  void reset() noexcept override;
  bool is_open() const noexcept override;
  bool is_quiet() noexcept override;
  std::string peer_description() const override;
  std::string local_description() const override;

  bool takes_room_late() const noexcept override { return true; }
  bool try_read(operation& op) override;
  void start_read(operation& op) override;
  bool try_write(operation& op) override;
  void start_write(operation& op) override;
  bool try_shutdown(operation& op) override;
  void start_shutdown(operation& op) override;
  void cancel(operation& op) noexcept override;

 private:
  struct state;
  state* state_;  // outlives *this while handlers are under way
  endpoint peer_;
};

}  // namespace braid::net
