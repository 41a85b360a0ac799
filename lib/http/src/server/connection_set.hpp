#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include <braid/runtime/waiter.hpp>

#include "server/connection.hpp"

namespace braid::http {

/// The open connections of one context, and the way to end them.
///
/// Lifetime: drain() must have returned before the set goes.
class connection_set {
 public:
  connection_set(std::shared_ptr<const server_shared> shared, boost::asio::any_io_executor executor);
  ~connection_set();

  void add(std::unique_ptr<net::transport> stream);
  std::size_t size() const { return open_.size(); }
  /// Waits until fewer than `limit` are open.
  boost::asio::awaitable<void> wait_below(std::size_t limit);
  /// Has every connection finish the request it is at, for `bound` at most; then cuts off what is left. Returns when
  /// all are gone. Cancellation cuts them off at once; it too returns when all are gone. A caller that has been
  /// cancelled resets its cancellation state first.
  boost::asio::awaitable<void> drain(duration bound);

 private:
  struct deadline : timer {
    connection_set* owner = nullptr;
  };
  struct member;

  void remove(member& which);
  void abort_all();

  std::shared_ptr<const server_shared> shared_;
  boost::asio::any_io_executor executor_;
  std::vector<member*> open_;
  waiter fewer_;
  deadline deadline_;
  bool draining_ = false;
};

}  // namespace braid::http
