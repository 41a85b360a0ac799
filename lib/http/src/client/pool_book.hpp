#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <braid/core/clock.hpp>
#include <braid/runtime/detail/list.hpp>

namespace braid::http {

/// The pool's decisions, as plain functions of what is on the books and of now: which connection a request takes,
/// whether it opens one or waits, who gets what becomes free, what has rested too long. Opens and closes nothing.
class pool_book {
 public:
  class host;

  /// A connection on the books. Resting ones are in a list by the time they began to rest.
  struct entry : detail::list_link {
    host* owner = nullptr;
    time_point idle_since{};
  };

  /// A request that waits. It is served in one of two ways, by give_back() or by slot_free().
  struct ticket : detail::list_link {
    host* where = nullptr;
    entry* given = nullptr;
    bool may_open = false;
    bool served() const noexcept { return given != nullptr || may_open; }
  };

  enum class verdict : std::uint8_t { reuse, open, wait };
  struct answer {
    verdict what;
    entry* which;
  };

  explicit pool_book(std::size_t per_host);
  ~pool_book();
  pool_book(const pool_book&) = delete;
  pool_book& operator=(const pool_book&) = delete;

  /// The host stays while it has connections or waiting requests. `route` is the way there where that is not the
  /// direct one: connections of different routes are never mixed.
  host& at(bool secure, std::string_view name, std::uint16_t port, std::string_view route = {});

  /// For a request that comes now: the connection that rested last, or leave to open one; both count as in use from
  /// here on. Those who wait go first.
  answer ask(host& where);
  /// For a request that was told to wait.
  void queue(host& where, ticket& who);
  /// The request does not wait any longer. What a served ticket was given is the caller's to return.
  void leave(ticket& who) noexcept;

  /// A connection is done with a request. Returns the ticket that got it; null when it rests.
  ticket* give_back(entry& which, time_point now);
  /// A connection in use, or an attempt to make one, is gone. Returns the ticket that may open one instead.
  ticket* slot_free(host& where);

  /// Takes a connection off the books that has rested since before `than`; null when there is none.
  entry* take_older(time_point than);
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
  void forget_if_unused(host& which);

  std::size_t per_host_;
  std::unordered_map<key, std::unique_ptr<host>, hash> hosts_;  // keys view into the hosts
  host* last_ = nullptr;                                        // that at() found
  detail::list<entry> resting_;                                 // oldest first
  std::size_t active_ = 0;
  std::size_t idle_ = 0;
  std::size_t waiting_ = 0;
};

}  // namespace braid::http
