#pragma once

#include <boost/system/system_error.hpp>
#include <braid/runtime/awaitable.hpp>
#include <braid/runtime/detail/list.hpp>
#include <braid/runtime/detail/ring.hpp>
#include <braid/runtime/waiter.hpp>
#include <cstddef>
#include <mutex>
#include <optional>
#include <utility>

namespace braid {

/// channel for coroutines of different contexts: a mutex inside, and whoever waits is woken on its own context.
///
/// Passing a value to a sleeping context costs tens of microseconds (the kernel wakes its thread): pass batches.
///
/// Cancellation: a cancelled send has not queued its value; a cancelled receive has taken none.
/// Threads: every member may be called from every thread; T is moved from one to another.
/// Lifetime: outlives those who wait in it.
/// Limits: `capacity` values; memory grows with what is really queued.
template <class T>
class shared_channel {
 public:
  explicit shared_channel(std::size_t capacity) : capacity_(capacity) {}
  shared_channel(const shared_channel&) = delete;
  shared_channel& operator=(const shared_channel&) = delete;

  /// False if the channel was closed before the value was queued; the value is dropped then.
  awaitable<bool> send(T value);
  /// The next value; nullopt when the channel is closed and everything sent before has been received.
  awaitable<std::optional<T>> receive();

  /// Takes `value` if there is room; leaves it alone if not, or if the channel is closed.
  bool try_send(T& value) {
    const std::lock_guard lock(mutex_);
    return put(value);
  }
  bool try_send(T&& value) { return try_send(value); }
  std::optional<T> try_receive() {
    const std::lock_guard lock(mutex_);
    return take();
  }

  /// Lets no more in. What is queued can still be received; blocked senders return false, waiting receivers get
  /// nullopt.
  void close();

  bool closed() const {
    const std::lock_guard lock(mutex_);
    return closed_;
  }
  std::size_t size() const {
    const std::lock_guard lock(mutex_);
    return values_.size();
  }
  std::size_t capacity() const noexcept { return capacity_; }

 private:
  /// One in line. Whoever wakes it holds the mutex, and it takes the mutex before it goes: so it is still there.
  struct place : detail::list_link {
    explicit place(shared_channel& of) : owner(of) {}
    ~place() {
      if (!in_line) return;
      const std::lock_guard lock(owner.mutex_);
      unlink();
    }
    shared_channel& owner;
    bool in_line = false;
    waiter turn;
  };
  struct sender : place {
    sender(shared_channel& of, T& what) : place(of), value(&what) {}
    T* value;
    bool sent = false;
  };
  struct receiver : place {
    using place::place;
    std::optional<T> value;
  };

  bool put(T& value);
  std::optional<T> take();

  const std::size_t capacity_;
  mutable std::mutex mutex_;
  bool closed_ = false;
  detail::ring<T> values_;
  detail::list<sender> senders_;
  detail::list<receiver> receivers_;
};

template <class T>
bool shared_channel<T>::put(T& value) {
  if (closed_) return false;
  while (receiver* next = receivers_.pop_front()) {
    if (!next->turn.wake_from_other_thread()) continue;
    next->value.emplace(std::move(value));  // it looks only after taking the mutex
    return true;
  }
  if (values_.size() >= capacity_) return false;
  values_.push(std::move(value));
  return true;
}

template <class T>
std::optional<T> shared_channel<T>::take() {
  std::optional<T> value;
  if (!values_.empty()) value.emplace(values_.pop());
  while (sender* next = senders_.pop_front()) {
    if (!next->turn.wake_from_other_thread()) continue;
    next->sent = true;
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
awaitable<bool> shared_channel<T>::send(T value) {
  sender self(*this, value);
  {
    const std::lock_guard lock(mutex_);
    if (put(value)) co_return true;
    if (closed_) co_return false;
    self.in_line = true;
    senders_.push_back(self);
  }
  co_await self.turn.wait();
  const std::lock_guard lock(mutex_);
  co_return self.sent;
}

template <class T>
awaitable<std::optional<T>> shared_channel<T>::receive() {
  receiver self(*this);
  {
    const std::lock_guard lock(mutex_);
    if (auto value = take()) co_return value;
    if (closed_) co_return std::nullopt;
    self.in_line = true;
    receivers_.push_back(self);
  }
  co_await self.turn.wait();
  const std::lock_guard lock(mutex_);
  co_return std::move(self.value);
}

template <class T>
void shared_channel<T>::close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  while (sender* next = senders_.pop_front()) next->turn.wake_from_other_thread();
  while (receiver* next = receivers_.pop_front()) next->turn.wake_from_other_thread();
}

}  // namespace braid
