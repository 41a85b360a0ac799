#pragma once

#include <braid/runtime/awaitable.hpp>
#include <braid/runtime/detail/list.hpp>
#include <braid/runtime/detail/ring.hpp>
#include <braid/runtime/waiter.hpp>
#include <cstddef>
#include <optional>
#include <utility>

namespace braid {

/// Bounded queue between coroutines of one context. shared_channel is the one that crosses contexts.
///
///     channel<page> pages(16);
///     co_await pages.send(std::move(page));                       // one side; waits while the channel is full
///     while (auto page = co_await pages.receive()) use(*page);    // the other; ends when closed and empty
///
/// With capacity 0 a send ends when a receiver has taken its value.
///
/// Cancellation: a cancelled send has not queued its value; a cancelled receive has taken none.
/// Threads: use on one context.
/// Lifetime: outlives those who wait in it.
/// Limits: `capacity` values; memory grows with what is really queued.
template <class T>
class channel {
 public:
  explicit channel(std::size_t capacity) : capacity_(capacity) {}
  channel(const channel&) = delete;
  channel& operator=(const channel&) = delete;

  /// False if the channel was closed before the value was queued; the value is dropped then.
  awaitable<bool> send(T value);
  /// The next value; nullopt when the channel is closed and everything sent before has been received.
  awaitable<std::optional<T>> receive();

  /// Takes `value` if there is room; leaves it alone if not, or if the channel is closed.
  bool try_send(T& value);
  bool try_send(T&& value) { return try_send(value); }
  std::optional<T> try_receive();

  /// Lets no more in. What is queued can still be received; blocked senders return false, waiting receivers get
  /// nullopt.
  void close();

  bool closed() const noexcept { return closed_; }
  std::size_t size() const noexcept { return values_.size(); }
  std::size_t capacity() const noexcept { return capacity_; }

 private:
  struct sender : detail::list_link {
    explicit sender(T& what) : value(&what) {}
    T* value;
    bool sent = false;
    waiter turn;
  };
  struct receiver : detail::list_link {
    std::optional<T> value;
    waiter turn;
  };

  const std::size_t capacity_;
  bool closed_ = false;
  detail::ring<T> values_;
  detail::list<sender> senders_;      // only while the ring is full
  detail::list<receiver> receivers_;  // only while the ring is empty
};

template <class T>
bool channel<T>::try_send(T& value) {
  if (closed_) return false;
  while (receiver* next = receivers_.pop_front()) {
    // A receiver whose wait was cancelled cannot be woken: it must not get the value.
    if (!next->turn.wake()) continue;
    next->value.emplace(std::move(value));
    return true;
  }
  if (values_.size() >= capacity_) return false;
  values_.push(std::move(value));
  return true;
}

template <class T>
std::optional<T> channel<T>::try_receive() {
  std::optional<T> value;
  if (!values_.empty()) value.emplace(values_.pop());
  while (sender* next = senders_.pop_front()) {
    if (!next->turn.wake()) continue;
    next->sent = true;
    // With capacity 0 the value goes from hand to hand; else it takes the place that became free.
    if (value) {
      values_.push(std::move(*next->value));
    } else {
      value.emplace(std::move(*next->value));
    }
    break;
  }
  return value;
}

template <class T>
awaitable<bool> channel<T>::send(T value) {
  if (try_send(value)) co_return true;
  if (closed_) co_return false;
  sender self(value);
  senders_.push_back(self);
  co_await self.turn.wait();
  co_return self.sent;
}

template <class T>
awaitable<std::optional<T>> channel<T>::receive() {
  if (auto value = try_receive()) co_return value;
  if (closed_) co_return std::nullopt;
  receiver self;
  receivers_.push_back(self);
  co_await self.turn.wait();
  co_return std::move(self.value);
}

template <class T>
void channel<T>::close() {
  closed_ = true;
  while (sender* next = senders_.pop_front()) next->turn.wake();
  while (receiver* next = receivers_.pop_front()) next->turn.wake();
}

}  // namespace braid
