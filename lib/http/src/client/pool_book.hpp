#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <braid/core/clock.hpp>
#include <braid/runtime/detail/list.hpp>

namespace braid::http {

/// Where requests may share a connection, which is known when one has been made: until then they wait for it.
struct connection_sharing {
  bool secure = false;
  bool plain = false;
  std::size_t connections = 1;  // to one host; more are opened when all are full

  connection_sharing() = default;
  connection_sharing(bool over_tls, bool over_tcp, std::size_t most)
      : secure(over_tls), plain(over_tcp), connections(most) {}
};

/// The pool's decisions, as plain functions of what is on the books and of now: which connection a request takes,
/// whether it opens one or waits, who gets what becomes free, what has rested too long. Opens and closes nothing.
class pool_book {
 public:
  class host;
  static constexpr std::size_t no_bound = std::numeric_limits<std::size_t>::max();

  struct resting_link : detail::list_link {};
  struct idle_link : detail::list_link {};

  /// A connection on the books. Resting ones are in a list by the time they began to rest, and in one of their host.
  struct entry : resting_link, idle_link {
    host* owner = nullptr;
    time_point idle_since{};
    time_point good_until = time_point::max();  // by its server's word; then it may not rest any more
    bool shared = false;                        // of many requests at once (HTTP/2); the rest is about these
    bool retired = false;                       // takes no more requests
    std::size_t streams = 0;                    // requests on it
    std::size_t capacity = 0;                   // that it takes
  };

  /// A request that waits. It is served in one of two ways: given a connection, or leave to open one.
  struct ticket : detail::list_link {
    time_point since{};  // when the request began, which may be long before it has to wait again
    host* where = nullptr;
    entry* given = nullptr;
    bool may_open = false;
    bool served() const noexcept { return given != nullptr || may_open; }
  };

  enum class verdict : std::uint8_t { reuse, join, open, wait };
  struct answer {
    verdict what;
    entry* which;  // to reuse or to join; for open: one that rested, off the books, to be closed instead
  };

  /// What share_out() decided.
  struct grant {
    ticket* who = nullptr;
    entry* evicted = nullptr;  // off the books, to be closed
  };

  /// `total` is for all hosts together; `connecting`, the attempts to reach one host that may be under way at once.
  explicit pool_book(std::size_t per_host, const connection_sharing& how = {}, std::size_t total = no_bound,
                     std::size_t connecting = no_bound);
  ~pool_book();
  pool_book(const pool_book&) = delete;
  pool_book& operator=(const pool_book&) = delete;

  /// The host stays while it has connections or waiting requests. `route` is the way there where that is not the
  /// direct one: connections of different routes are never mixed.
  host& at(bool secure, std::string_view name, std::uint16_t port, std::string_view route = {});

  /// For a request that comes now: the connection that rested last, or a place on a shared one, or leave to open one;
  /// all count as in use from here on. Those who wait go first.
  answer ask(host& where);
  /// For a request that was told to wait: behind those that began before it.
  void queue(host& where, ticket& who);
  /// The request does not wait any longer. What a served ticket was given is the caller's to return.
  void leave(ticket& who) noexcept;

  /// A connection is done with a request. Returns the ticket that got it; null when it rests. A ticket that may open
  /// one means that this one is off the books and to be closed: its place goes to a host that has none.
  ticket* give_back(entry& which, time_point now);
  /// A connection in use, or an attempt to make one, is gone. Returns the ticket that may open one instead.
  ticket* slot_free(host& where);

  // An attempt to open one ends in one of three ways: made(), made_shared(), attempt_over(). serve() follows, as it
  // does everything below.

  /// It brought a connection for one request at a time: those who waited to see may open their own.
  void made(host& where);
  /// It brought one that is shared, for `capacity` requests at once; that of the attempt is the first.
  void made_shared(entry& which, std::size_t capacity);
  /// It brought none. Returns the ticket that may open one instead.
  ticket* attempt_over(host& where);
  /// The host does not let us in: whoever waits need not wait for one attempt after the other, they all try.
  void lose_patience(host& where);
  /// A connection in use has gone and another one is to be made in its place.
  void again(host& where);

  /// For a request to another host: takes a place on a shared connection that has room.
  void visit(entry& which) { join(which); }
  static bool has_room(const entry& which) noexcept { return !which.retired && which.streams < which.capacity; }
  /// Of the connections to a host: over TLS to this port, and directly.
  static bool is_direct(const host& where, std::uint16_t port) noexcept;

  /// A request on a shared connection is over. When that was the last one, the connection rests; a retired one is the
  /// caller's to close.
  void stream_done(entry& which, time_point now);
  void resize(entry& which, std::size_t capacity) noexcept { which.capacity = capacity; }
  /// The shared connection takes no more requests. When it has none, it is the caller's to close.
  void retire(entry& which);

  /// The next request that waits and can be served now. Call it until it is null, after which the host may be gone.
  ticket* serve(host& where);

  /// Hosts wait for the bound on all connections. They take turns, those without a connection first: call share_out()
  /// until it grants nothing, whenever a connection has gone or come to rest.
  bool contended() noexcept { return !destitute_.empty() || !hungry_.empty(); }
  grant share_out();

  /// Takes a connection off the books that has rested since before `than`; null when there is none.
  entry* take_older(time_point than);
  /// Takes one that rests and was good until `now` at most; null when there is none.
  entry* take_spoiled(time_point now);
  /// The first of those times.
  time_point first_spoiled();
  /// Takes the one that has rested longest while more than `limit` rest.
  entry* take_surplus(std::size_t limit);
  /// When the one that has rested longest began to.
  std::optional<time_point> oldest();

  std::size_t active() const noexcept { return active_; }
  std::size_t idle() const noexcept { return idle_; }
  std::size_t waiting() const noexcept { return waiting_; }
  /// "[hosts: 1 | connections: 2 active, 1 idle | waiting: 0]"
  std::string str() const;

 private:
  struct key {
    std::string_view name;
    std::string_view route;
    std::uint16_t port;
    bool secure;
    friend bool operator==(const key&, const key&) = default;
  };
  struct hash {
    std::size_t operator()(const key& of) const noexcept {
      const std::size_t where =
          std::hash<std::string_view>()(of.name) ^ (static_cast<std::size_t>(of.port) << 1 | of.secure);
      return of.route.empty() ? where : where ^ std::hash<std::string_view>()(of.route) * 31;
    }
  };

  entry* take_oldest();
  entry* take(entry& which);
  static entry* roomy(host& where);
  bool may_open(const host& where) const;
  bool is_full() const noexcept { return active_ + idle_ >= total_; }
  void line_up(host& where);
  void begin_attempt(host& where);
  void join(entry& which);
  void forget_if_unused(host& which);

  std::size_t per_host_;
  std::size_t total_;
  std::size_t connecting_;
  connection_sharing sharing_;
  std::unordered_map<key, std::unique_ptr<host>, hash> hosts_;  // keys view into the hosts
  host* last_ = nullptr;                                        // that at() found
  detail::list<entry, resting_link> resting_;                   // oldest first
  detail::list<host> destitute_;                                // wait for a place, and have no connection
  detail::list<host> hungry_;                                   // wait for one more
  std::size_t active_ = 0;
  std::size_t idle_ = 0;
  std::size_t waiting_ = 0;
};

}  // namespace braid::http
