#pragma once

#include <ares.h>

#include <algorithm>
#include <braid/net/resolver.hpp>
#include <chrono>
#include <cstdint>
#include <string>

namespace braid::net {

/// "a,b", as c-ares takes them.
inline std::string servers_of(const dns_options& options) {
  std::string out;
  for (const std::string& one : options.servers) out += (out.empty() ? "" : ",") + one;
  return out;
}

/// A channel of c-ares, or the reason why there is none. `on_socket` may be null.
class ares_channel_owner {
 public:
  ares_channel_owner(const dns_options& options, ares_sock_state_cb on_socket, void* self) {
    static const int library = ares_library_init(ARES_LIB_INIT_ALL);
    ares_options with{};
    with.timeout = static_cast<int>(
        std::clamp<std::int64_t>(std::chrono::ceil<std::chrono::milliseconds>(options.timeout).count(), 1, 60'000));
    with.tries = static_cast<int>(std::clamp(options.tries, 1u, 20u));
    with.sock_state_cb = on_socket;
    with.sock_state_cb_data = self;
    const int mask = ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | (on_socket ? ARES_OPT_SOCK_STATE_CB : 0);
    status_ = library == ARES_SUCCESS ? ares_init_options(&channel_, &with, mask) : library;
    if (status_ != ARES_SUCCESS || options.servers.empty()) return;
    status_ = ares_set_servers_ports_csv(channel_, servers_of(options).c_str());
  }
  ~ares_channel_owner() {
    if (channel_) ares_destroy(channel_);
  }
  ares_channel_owner(const ares_channel_owner&) = delete;
  ares_channel_owner& operator=(const ares_channel_owner&) = delete;

  int status() const noexcept { return status_; }
  ares_channel get() const noexcept { return channel_; }

 private:
  ares_channel channel_ = nullptr;
  int status_ = ARES_SUCCESS;
};

}  // namespace braid::net
