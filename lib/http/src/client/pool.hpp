#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <memory>
#include <string>

#include <braid/http/client_options.hpp>
#include <braid/net/transport.hpp>
#include <braid/runtime/timer_queue.hpp>
#include <braid/runtime/waiter.hpp>

#include "client/attempts.hpp"
#include "client/pool_book.hpp"
#include "client/response_decoder.hpp"
#include "server/input_buffer.hpp"

namespace braid::http {

/// A connection and what it keeps from one exchange to the next, so that a request allocates little.
struct client_connection : pool_book::entry {
  client_connection(std::unique_ptr<net::transport> connected, const response_limits& limits)
      : stream(std::move(connected)), decoder(limits) {}

  std::unique_ptr<net::transport> stream;
  input_buffer input;
  std::string output;
  response_decoder decoder;
};

/// The connections of one client on one context.
///
/// Lifetime: exchanges share it; close() when the client or the context goes. Threads: its context.
class client_pool {
 public:
  struct ticket : pool_book::ticket {
    waiter served_or_late;
  };

  client_pool(const client_options& options, const boost::asio::any_io_executor& executor);
  ~client_pool();
  client_pool(const client_pool&) = delete;
  client_pool& operator=(const client_pool&) = delete;

  pool_book& book() noexcept { return book_; }
  timer_queue& timers() noexcept { return timers_; }
  /// Null unless the client retries.
  retry_state* retries() noexcept { return retries_ ? &*retries_ : nullptr; }

  /// Takes over a connection that was made for `where`.
  client_connection* add(pool_book::host& where, std::unique_ptr<net::transport> stream);
  /// True when a connection that rested can be used: known to be alive, or likely enough when a request that finds it
  /// dead may be repeated.
  bool is_usable(client_connection& which, bool may_repeat) noexcept;
  /// Done with a request, and fit for the next.
  void give_back(client_connection& which);
  /// Not fit: closes it. The place it had goes to the next request.
  void drop(client_connection& which) noexcept;
  /// Closes it and keeps its place, for a connection to be made instead.
  static void discard(client_connection& which) noexcept;
  void slot_free(pool_book::host& where) noexcept;
  /// Of a request that does not wait any longer, served or not.
  void leave(ticket& who) noexcept;

  /// Closes what rests, now and from now on.
  void close() noexcept;

 private:
  struct sweep : timer {
    client_pool* owner = nullptr;
  };

  static void wake(pool_book::ticket* who);
  void schedule_sweep();
  static void on_sweep(timer& which);

  response_limits decoder_limits_;
  std::optional<duration> keep_alive_;
  std::size_t idle_limit_;
  std::optional<retry_state> retries_;
  timer_queue& timers_;
  pool_book book_;
  sweep sweep_;
  bool closed_ = false;
};

}  // namespace braid::http
