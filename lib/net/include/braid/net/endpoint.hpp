#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

struct sockaddr;

namespace braid::net {

/// Where a stream socket connects to or listens: an IPv4 or IPv6 address with a port, or the path of a Unix socket.
class endpoint {
 public:
  endpoint() noexcept = default;

  /// From a numeric address, "127.0.0.1", "::1" or "fe80::1%eth0", in brackets or not. Empty when it is none.
  static std::optional<endpoint> parse(std::string_view address, std::uint16_t port);

  /// A Unix socket. Throws: invalid_argument for a path that is empty or too long for the system (107 bytes).
  static endpoint unix_path(std::string_view path);

  /// From the system's own form. Throws: invalid_argument for what is neither IPv4, IPv6 nor Unix.
  static endpoint from_native(const sockaddr* address, std::size_t size);

  const sockaddr* data() const noexcept { return reinterpret_cast<const sockaddr*>(bytes_); }
  std::size_t size() const noexcept { return size_; }
  int family() const noexcept;

  /// "127.0.0.1:80", "[::1]:80", "unix:/run/app.sock".
  std::string str() const;

  /// The address alone, without brackets; a Unix socket's path.
  std::string address() const;

  /// 0 for a Unix socket.
  std::uint16_t port() const noexcept;
  void set_port(std::uint16_t port) noexcept;

  friend bool operator==(const endpoint& a, const endpoint& b) noexcept {
    return std::string_view(a.bytes_, a.size_) == std::string_view(b.bytes_, b.size_);
  }

 private:
  alignas(8) char bytes_[112] = {};
  std::size_t size_ = 0;
};

}  // namespace braid::net
