#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <braid/core/error.hpp>
#include <braid/net/endpoint.hpp>
#include <charconv>
#include <cstring>

namespace braid::net {

static_assert(sizeof(sockaddr_un) <= 112 && sizeof(sockaddr_in6) <= 112);

namespace {

std::uint32_t scope_of(std::string_view zone) {
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(zone.data(), zone.data() + zone.size(), number);
  if (error == std::errc() && end == zone.data() + zone.size()) return number;
  return ::if_nametoindex(std::string(zone).c_str());
}

}  // namespace

std::optional<endpoint> endpoint::parse(std::string_view text, std::uint16_t port) {
  if (text.size() > 2 && text.front() == '[' && text.back() == ']') text = text.substr(1, text.size() - 2);
  const auto percent = text.find('%');
  const std::string address(text.substr(0, percent));

  sockaddr_in v4{};
  if (percent == text.npos && ::inet_pton(AF_INET, address.c_str(), &v4.sin_addr) == 1) {
    v4.sin_family = AF_INET;
    v4.sin_port = htons(port);
    return from_native(reinterpret_cast<const sockaddr*>(&v4), sizeof v4);
  }
  sockaddr_in6 v6{};
  if (::inet_pton(AF_INET6, address.c_str(), &v6.sin6_addr) == 1) {
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(port);
    if (percent != text.npos) v6.sin6_scope_id = scope_of(text.substr(percent + 1));
    return from_native(reinterpret_cast<const sockaddr*>(&v6), sizeof v6);
  }
  return std::nullopt;
}

endpoint endpoint::unix_path(std::string_view path) {
  sockaddr_un native{};
  if (path.empty() || path.size() >= sizeof native.sun_path) {
    throw invalid_argument("unix socket path of " + std::to_string(path.size()) + " bytes: 1 to " +
                           std::to_string(sizeof native.sun_path - 1) + " are possible");
  }
  native.sun_family = AF_UNIX;
  std::memcpy(native.sun_path, path.data(), path.size());
  return from_native(reinterpret_cast<const sockaddr*>(&native), offsetof(sockaddr_un, sun_path) + path.size() + 1);
}

endpoint endpoint::from_native(const sockaddr* address, std::size_t size) {
  endpoint out;
  const bool known =
      size >= sizeof(sa_family_t) && size <= sizeof out.bytes_ &&
      ((address->sa_family == AF_INET && size >= sizeof(sockaddr_in)) ||
       (address->sa_family == AF_INET6 && size >= sizeof(sockaddr_in6)) || address->sa_family == AF_UNIX);
  if (!known) throw invalid_argument("socket address of an unknown kind");
  std::memcpy(out.bytes_, address, size);
  out.size_ = size;
  return out;
}

int endpoint::family() const noexcept { return size_ == 0 ? AF_UNSPEC : data()->sa_family; }

std::string endpoint::address() const {
  char text[INET6_ADDRSTRLEN] = {};
  if (family() == AF_INET) {
    const auto* v4 = reinterpret_cast<const sockaddr_in*>(bytes_);
    return ::inet_ntop(AF_INET, &v4->sin_addr, text, sizeof text);
  }
  if (family() == AF_INET6) {
    const auto* v6 = reinterpret_cast<const sockaddr_in6*>(bytes_);
    std::string out = ::inet_ntop(AF_INET6, &v6->sin6_addr, text, sizeof text);
    if (v6->sin6_scope_id != 0) out += "%" + std::to_string(v6->sin6_scope_id);
    return out;
  }
  if (family() == AF_UNIX) {
    const char* path = reinterpret_cast<const sockaddr_un*>(bytes_)->sun_path;
    const std::size_t room = size_ - offsetof(sockaddr_un, sun_path);
    return std::string(path, ::strnlen(path, room));
  }
  return {};
}

std::string endpoint::str() const {
  switch (family()) {
    case AF_INET:
      return address() + ":" + std::to_string(port());
    case AF_INET6:
      return "[" + address() + "]:" + std::to_string(port());
    case AF_UNIX:
      return "unix:" + address();
    default:
      return "nowhere";
  }
}

std::uint16_t endpoint::port() const noexcept {
  if (family() == AF_INET) return ntohs(reinterpret_cast<const sockaddr_in*>(bytes_)->sin_port);
  if (family() == AF_INET6) return ntohs(reinterpret_cast<const sockaddr_in6*>(bytes_)->sin6_port);
  return 0;
}

void endpoint::set_port(std::uint16_t port) noexcept {
  if (family() == AF_INET) reinterpret_cast<sockaddr_in*>(bytes_)->sin_port = htons(port);
  if (family() == AF_INET6) reinterpret_cast<sockaddr_in6*>(bytes_)->sin6_port = htons(port);
}

}  // namespace braid::net
