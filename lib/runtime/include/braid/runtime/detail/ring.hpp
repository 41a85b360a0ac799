#pragma once

#include <cstddef>
#include <memory>
#include <utility>

namespace braid::detail {

/// First-in first-out buffer that grows as it fills, by doubling, and never shrinks.
template <class T>
class ring {
 public:
  ring() noexcept = default;
  ring(const ring&) = delete;
  ring& operator=(const ring&) = delete;
  ~ring() { clear(); }

  std::size_t size() const noexcept { return size_; }
  bool empty() const noexcept { return size_ == 0; }

  void push(T&& value) {
    if (size_ == room_) grow();
    std::construct_at(slots_.get() + ((first_ + size_) & (room_ - 1)), std::move(value));
    ++size_;
  }
  /// Not when empty.
  T pop() {
    T& front = slots_[first_];
    T value(std::move(front));
    std::destroy_at(&front);
    first_ = (first_ + 1) & (room_ - 1);
    --size_;
    return value;
  }
  void clear() noexcept {
    while (size_ > 0) {
      std::destroy_at(slots_.get() + first_);
      first_ = (first_ + 1) & (room_ - 1);
      --size_;
    }
  }

 private:
  struct free_slots {
    std::size_t room = 0;
    void operator()(T* slots) const noexcept { std::allocator<T>().deallocate(slots, room); }
  };

  void grow() {
    const std::size_t room = room_ ? room_ * 2 : 4;
    std::unique_ptr<T[], free_slots> slots(std::allocator<T>().allocate(room), free_slots{room});
    std::size_t count = 0;
    while (size_ > 0) std::construct_at(slots.get() + count++, pop());
    slots_ = std::move(slots);
    room_ = room;
    first_ = 0;
    size_ = count;
  }

  std::unique_ptr<T[], free_slots> slots_;
  std::size_t room_ = 0;  // a power of two, or nothing
  std::size_t first_ = 0;
  std::size_t size_ = 0;
};

}  // namespace braid::detail
