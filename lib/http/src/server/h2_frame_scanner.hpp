#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace braid::http {

/// Sees the header of each frame that a client sends (RFC 9113, 4.1), also of those that nghttp2 passes over in
/// silence: frames of unknown types, and of streams that are closed.
class h2_frame_scanner {
 public:
  struct header {
    std::size_t length = 0;
    std::uint8_t type = 0, flags = 0;
  };

  /// `preface`: bytes before the first frame.
  explicit h2_frame_scanner(std::size_t preface) : skip_(preface) {}

  /// Takes bytes off the front, to the end of the next header; nullopt when they are used up.
  std::optional<header> next(std::string_view& bytes) {
    while (!bytes.empty()) {
      const std::size_t some = std::min(skip_, bytes.size());
      skip_ -= some;
      bytes.remove_prefix(some);
      if (bytes.empty()) break;
      held_[size_++] = static_cast<std::uint8_t>(bytes.front());
      bytes.remove_prefix(1);
      if (size_ < held_.size()) continue;
      size_ = 0;
      header out;
      out.length = skip_ = std::size_t{held_[0]} << 16U | std::size_t{held_[1]} << 8U | held_[2];
      out.type = held_[3];
      out.flags = held_[4];
      return out;
    }
    return std::nullopt;
  }

 private:
  std::array<std::uint8_t, 9> held_{};
  std::size_t size_ = 0, skip_;
};

}  // namespace braid::http
