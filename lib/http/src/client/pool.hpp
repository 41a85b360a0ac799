#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <memory>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include <braid/http/client_options.hpp>
#include <braid/http/proxy_sign_in.hpp>
#include <braid/net/transport.hpp>
#include <braid/runtime/timer_queue.hpp>
#include <braid/runtime/waiter.hpp>

#include "client/attempts.hpp"
#include "client/h2_connection.hpp"
#include "client/pool_book.hpp"
#include "client/request_pacer.hpp"
#include "client/response_decoder.hpp"
#include "input_buffer.hpp"

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

  /// Null unless the client has rates for its requests.
  request_pacer* pacer() noexcept { return pacer_ ? &*pacer_ : nullptr; }

  /// What is known of a proxy, with its credentials.
  proxy_sign_in& sign_in_of(const net::proxy& which);

  /// Takes over a connection that was made for `where`, for one request at a time.
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
  /// Closes it, and another is to be made in its place.
  static void discard_for_another(client_connection& which, pool_book& book) noexcept;
  void slot_free(pool_book::host& where) noexcept;
  /// An attempt to make a connection has ended without one; `refused` by the host rather than given up.
  void attempt_over(pool_book::host& where, bool refused) noexcept;

  // Connections that are shared (HTTP/2). A place on one is taken by the book.

  /// Whether this is such a connection. Throws: tls_error where it has to be one.
  bool is_shared(const net::transport& stream, bool secure) const;
  /// A server that has said that it takes no HTTP/2 (HTTP_1_1_REQUIRED), and whether this is one. A few are remembered.
  void remember_http1(const url& at);
  bool needs_http1(const url& at) const { return !http1_hosts_.empty() && http1_hosts_.contains(at.origin()); }
  /// Takes over a connection that was made for `where`; the caller has the first place on it. One that began as
  /// HTTP/1.1 is started by h2_connection::adopt().
  h2_connection& add_shared(pool_book::host& where, std::unique_ptr<net::transport> stream,
                            const boost::asio::any_io_executor& executor, h2::beginning how = h2::beginning::usual);
  /// Whether origins without a connection may take those of others at all.
  bool coalesces() const noexcept { return coalesces_ && !shared_.empty(); }
  /// One of another origin that may carry requests to this one, whose host has these addresses (RFC 9113, 9.1.1); the
  /// caller has a place on it. Null where there is none.
  h2_connection* join_another(const url& to, const std::vector<net::endpoint>& addresses);
  /// An origin that was misdirected (421): it takes its own connections from now on. And whether this is one.
  void remember_misdirected(const url& at);
  bool is_misdirected(const url& at) const { return !misdirected_.empty() && misdirected_.contains(at.origin()); }
  /// A place on it is free again.
  void stream_done(h2_connection& which) noexcept;
  /// It takes no more requests.
  void retire(h2_connection& which) noexcept;
  /// It takes so many.
  void resize(h2_connection& which, std::size_t capacity) noexcept;
  /// Where requests are written before they are copied into a session.
  struct scratch {
    std::string text;
    h2::request_head head;
  };
  scratch& paper() noexcept { return paper_; }
  /// Closes what the book has given up.
  void destroy(pool_book::entry& which) noexcept;
  /// Of a request that does not wait any longer, served or not.
  void leave(ticket& who) noexcept;

  /// Requests with their redirects, from the first to the last byte.
  void enter() noexcept { ++exchanges_; }
  void leave() noexcept;
  /// Lets nobody enter any more (the caller of enter() sees to that), closes what rests and waits until all have left.
  boost::asio::awaitable<void> drain();
  bool draining() const noexcept { return draining_; }

  /// Closes what rests, now and from now on.
  void close() noexcept;
  /// The context goes.
  void abandon() noexcept;

 private:
  struct sweep : timer {
    client_pool* owner = nullptr;
  };

  struct closer : braid::detail::list_link {
    waiter drained;
  };

  static void wake(pool_book::ticket* who);
  void serve(pool_book::host& where);
  void hand_out() noexcept;
  void keep_for(client_connection& which, time_point now, std::uint32_t seconds);
  void schedule_sweep();
  static void on_sweep(timer& which);

  const client_options& options_;
  response_limits decoder_limits_;
  std::optional<duration> keep_alive_;
  std::size_t idle_limit_;
  std::optional<retry_state> retries_;
  timer_queue& timers_;
  std::optional<request_pacer> pacer_;
  pool_book book_;
  std::unordered_map<pool_book::entry*, std::shared_ptr<h2_connection>> shared_;
  scratch paper_;
  std::unordered_set<std::string> http1_hosts_;              // origins
  std::unordered_set<std::string> misdirected_;              // origins
  std::unordered_map<std::string, proxy_sign_in> sign_ins_;  // by the proxies' keys
  sweep sweep_;
  braid::detail::list<closer> closers_;
  std::size_t exchanges_ = 0;
  bool coalesces_ = false;
  bool closed_ = false;
  bool draining_ = false;
};

}  // namespace braid::http
