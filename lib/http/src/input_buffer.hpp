#pragma once

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <braid/net/operation.hpp>
#include <cstring>
#include <memory>
#include <string_view>

namespace braid::http {

/// Blocks of memory that the connections of a thread hand on, so that the few in use are in the processor's cache.
class spare_blocks {
 public:
  static constexpr std::size_t block = 16 * 1024;

  static std::unique_ptr<char[]> take() {
    spare_blocks& here = of_thread();
    if (here.count_ > 0) return std::move(here.blocks_[--here.count_]);
    return std::unique_ptr<char[]>(new char[block]);
  }
  static void give(std::unique_ptr<char[]> spare) noexcept {
    spare_blocks& here = of_thread();
    if (here.count_ < most) here.blocks_[here.count_++] = std::move(spare);
  }

 private:
  static constexpr std::size_t most = 8;

  static spare_blocks& of_thread() {
    thread_local spare_blocks own;
    return own;
  }

  std::array<std::unique_ptr<char[]>, most> blocks_;
  std::size_t count_ = 0;
};

/// The bytes a connection has received and not yet used. Grows for those who send much; holds no memory while it holds
/// no bytes and waits.
class input_buffer final : public net::late_buffer {
 public:
  static constexpr std::size_t smallest = spare_blocks::block;
  static constexpr std::size_t largest_step = 64 * 1024;

  input_buffer() = default;
  input_buffer(const input_buffer&) = delete;
  input_buffer& operator=(const input_buffer&) = delete;
  ~input_buffer() { drop(); }

  std::string_view view() const { return {data_.get() + begin_, end_ - begin_}; }
  void consume(std::size_t bytes) { begin_ += bytes; }
  void commit(std::size_t bytes) {
    end_ += bytes;
    filled_ = end_ == capacity_;
  }

  /// Room for the next read. Views taken before are void.
  boost::asio::mutable_buffer take() override {
    const std::size_t held = end_ - begin_;
    if (held == 0) begin_ = end_ = 0;
    if (filled_ || end_ == capacity_) {
      // A read that filled the buffer means there is more to come: fewer, larger reads from now on.
      const std::size_t wanted = std::max(held + smallest, std::min(capacity_ * 2, largest_step));
      if (wanted > capacity_) {
        grow(std::max(wanted, smallest));
      } else if (begin_ > 0) {
        move_to_front();
      }
      filled_ = false;
    }
    return {data_.get() + end_, capacity_ - end_};
  }

  /// Lets go of the memory, if no bytes are held, and if it does not seem that more will come at once. Views are void.
  void put_back() noexcept override {
    if (!filled_) rest();
  }
  /// As put_back(), when nothing is to come.
  void rest() noexcept {
    if (begin_ != end_) return;
    filled_ = false;
    if (data_) drop();
  }

 private:
  void move_to_front() {
    const std::size_t held = end_ - begin_;
    std::memmove(data_.get(), data_.get() + begin_, held);
    begin_ = 0;
    end_ = held;
  }
  void grow(std::size_t capacity) {
    std::unique_ptr<char[]> larger =
        capacity == spare_blocks::block ? spare_blocks::take() : std::unique_ptr<char[]>(new char[capacity]);
    const std::size_t held = end_ - begin_;
    if (held > 0) std::memcpy(larger.get(), data_.get() + begin_, held);
    drop();
    data_ = std::move(larger);
    capacity_ = capacity;
    end_ = held;
  }
  void drop() noexcept {
    if (capacity_ == spare_blocks::block) {
      spare_blocks::give(std::move(data_));
    } else {
      data_.reset();
    }
    capacity_ = begin_ = end_ = 0;
  }

  std::unique_ptr<char[]> data_;
  std::size_t capacity_ = 0, begin_ = 0, end_ = 0;
  bool filled_ = false;
};

}  // namespace braid::http
