#pragma once

#include <braid/net/transport.hpp>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace braid::testing {

/// One end of a connection in memory, to test what speaks over a transport without sockets or real time. Behaves as a
/// socket would, with a buffer of its own size and with reads cut where the test says.
///
///     auto [client, server] = memory_transport::make_pair();
///     server->read_sizes({1});         // byte by byte
///
/// Lifetime: either end may be destroyed first; the other then sees the end of the stream.
/// Threads: both ends in one context.
class memory_transport final : public net::transport {
 public:
  using pair = std::pair<std::unique_ptr<memory_transport>, std::unique_ptr<memory_transport>>;

  /// Two connected ends. `capacity` bytes fit in each direction before writes wait.
  static pair make_pair(std::size_t capacity = 64 * 1024);

  ~memory_transport() override;

  /// How many bytes each coming read of this end gives at most; the last size goes on for ever. Empty: no bound.
  void read_sizes(std::vector<std::size_t> sizes);

  /// Breaks the connection: what is under way is lost, and reads and writes of the other end fail with
  /// connection_reset.
  void reset() noexcept override;

  /// What has been written by the other end and not yet been read here.
  std::string_view unread() const noexcept;

  /// How many reads and writes of this end came to an end.
  std::size_t reads() const noexcept { return reads_; }
  std::size_t writes() const noexcept { return writes_; }

  void name_peer(std::string description) { peer_ = std::move(description); }

  void cancel() noexcept override;
  void close() noexcept override;
  bool is_open() const noexcept override { return open_; }
  bool is_quiet() noexcept override;
  std::string peer_description() const override { return peer_; }

  bool try_read(net::operation& op) override;
  void start_read(net::operation& op) override;
  bool try_write(net::operation& op) override;
  void start_write(net::operation& op) override;
  bool try_shutdown(net::operation& op) override;
  void start_shutdown(net::operation& op) override;
  void cancel(net::operation& op) noexcept override;

 private:
  struct channel;
  class pending_list;

  memory_transport(std::shared_ptr<channel> incoming, std::shared_ptr<channel> outgoing);

  std::shared_ptr<channel> in_;
  std::shared_ptr<channel> out_;
  std::string peer_ = "memory";
  std::size_t reads_ = 0;
  std::size_t writes_ = 0;
  bool open_ = true;
};

}  // namespace braid::testing
