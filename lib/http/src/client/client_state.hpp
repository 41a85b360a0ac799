#pragma once

#include <atomic>
#include <boost/asio/any_io_executor.hpp>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include <braid/http/client_options.hpp>

#include "client/request_encoder.hpp"

namespace braid::http {

class client_pool;
class pool_service;

/// What the copies of a client share.
class client_state {
 public:
  explicit client_state(client_options with);
  ~client_state();
  client_state(const client_state&) = delete;
  client_state& operator=(const client_state&) = delete;

  /// The pool on the executor's context, made at first use. Any thread.
  std::shared_ptr<client_pool> pool_of(const boost::asio::any_io_executor& executor) const;

  /// The time of day.
  wall_time wall_now() const { return options.wall_clock ? options.wall_clock() : std::chrono::system_clock::now(); }

  /// For events; 1 is the first.
  std::uint64_t next_number() const noexcept { return numbers_.fetch_add(1, std::memory_order_relaxed) + 1; }

  const client_options options;
  const net::tls_options http1_tls;  // the options' own, for servers that have to be spoken to in HTTP/1.1
  const request_encoder encoder;

 private:
  struct home;

  const std::uint64_t id_;
  mutable std::atomic<std::uint64_t> numbers_{0};
  mutable std::mutex mutex_;
  mutable std::vector<home> homes_;  // where there are pools of this client
};

}  // namespace braid::http
