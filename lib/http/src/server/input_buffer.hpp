#pragma once

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <cstring>
#include <memory>
#include <string_view>

namespace braid::http {

/// The bytes a connection has received and not yet used. Starts small, grows for those who send much, shrinks again
/// when nothing is held, so that an idle connection costs 4 KiB.
class input_buffer {
 public:
  static constexpr std::size_t smallest = 4 * 1024;
  static constexpr std::size_t largest_step = 64 * 1024;

  std::string_view view() const { return {data_.get() + begin_, end_ - begin_}; }
  void consume(std::size_t bytes) { begin_ += bytes; }
  void commit(std::size_t bytes) {
    end_ += bytes;
    filled_ = end_ == capacity_;
  }

  /// Room for the next read. Views taken before are void.
  boost::asio::mutable_buffer space() {
    const std::size_t held = end_ - begin_;
    if (held == 0) begin_ = end_ = 0;
    if (held == 0 && capacity_ > 4 * smallest && !filled_) {
      data_.reset();
      capacity_ = 0;
    }
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

 private:
  void move_to_front() {
    const std::size_t held = end_ - begin_;
    std::memmove(data_.get(), data_.get() + begin_, held);
    begin_ = 0;
    end_ = held;
  }
  void grow(std::size_t capacity) {
    std::unique_ptr<char[]> larger(new char[capacity]);
    const std::size_t held = end_ - begin_;
    if (held > 0) std::memcpy(larger.get(), data_.get() + begin_, held);
    data_ = std::move(larger);
    capacity_ = capacity;
    begin_ = 0;
    end_ = held;
  }

  std::unique_ptr<char[]> data_;
  std::size_t capacity_ = 0, begin_ = 0, end_ = 0;
  bool filled_ = false;
};

}  // namespace braid::http
