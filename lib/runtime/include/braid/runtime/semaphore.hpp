#pragma once

#include <braid/runtime/awaitable.hpp>
#include <braid/runtime/detail/list.hpp>
#include <cstddef>
#include <optional>
#include <utility>

namespace braid {

class semaphore;

/// The right to do one of a limited number of things at the same time; given back by the destructor.
class [[nodiscard]] permit {
 public:
  permit() noexcept = default;
  permit(permit&& other) noexcept : from_(std::exchange(other.from_, nullptr)) {}
  permit& operator=(permit&& other) noexcept {
    if (this != &other) {
      release();
      from_ = std::exchange(other.from_, nullptr);
    }
    return *this;
  }
  ~permit() { release(); }

  void release() noexcept;
  explicit operator bool() const noexcept { return from_ != nullptr; }

 private:
  friend class semaphore;
  explicit permit(semaphore* from) noexcept : from_(from) {}
  semaphore* from_ = nullptr;
};

/// Lets a limited number of coroutines of one context through; the others wait in line.
///
/// Cancellation: a cancelled acquire() has taken nothing.
/// Lifetime: outlives its permits and those who wait.
/// Threads: use on one context.
class semaphore {
 public:
  explicit semaphore(std::size_t permits) : available_(permits) {}
  semaphore(const semaphore&) = delete;
  semaphore& operator=(const semaphore&) = delete;

  /// First come, first served: nobody overtakes those who already wait.
  awaitable<permit> acquire();
  std::optional<permit> try_acquire();
  std::size_t available() const noexcept { return available_; }

 private:
  friend class permit;
  struct candidate;
  void give_back() noexcept;

  std::size_t available_;
  detail::list<candidate> line_;
};

inline void permit::release() noexcept {
  if (semaphore* from = std::exchange(from_, nullptr)) from->give_back();
}

}  // namespace braid
