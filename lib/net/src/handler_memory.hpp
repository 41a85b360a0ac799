#pragma once

#include <cstddef>
#include <memory>
#include <new>

namespace braid::net {

/// Room for the one handler that is under way in one direction of a stream. Asio allocates a record per operation;
/// this is where it puts it. Taken with the first one: most reads and writes of most streams need none.
class handler_memory {
 public:
  void* allocate(std::size_t size) {
    if (used_ || size > room) return ::operator new(size);
    if (!bytes_) bytes_.reset(new unsigned char[room]);
    used_ = true;
    return bytes_.get();
  }

  void deallocate(void* place) noexcept {
    if (place == bytes_.get()) {
      used_ = false;
    } else {
      ::operator delete(place);
    }
  }

 private:
  static constexpr std::size_t room = 320;

  std::unique_ptr<unsigned char[]> bytes_;
  bool used_ = false;
};

template <class T>
class handler_allocator {
 public:
  using value_type = T;

  explicit handler_allocator(handler_memory* memory) noexcept : memory_(memory) {}
  template <class U>
  handler_allocator(const handler_allocator<U>& other) noexcept : memory_(other.memory_) {}

  T* allocate(std::size_t n) { return static_cast<T*>(memory_->allocate(n * sizeof(T))); }
  void deallocate(T* place, std::size_t) noexcept { memory_->deallocate(place); }

  friend bool operator==(const handler_allocator&, const handler_allocator&) noexcept = default;

 private:
  template <class U>
  friend class handler_allocator;

  handler_memory* memory_;
};

}  // namespace braid::net
