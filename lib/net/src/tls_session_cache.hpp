#pragma once

#include <openssl/ssl.h>

#include <cstddef>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

namespace braid::net {

struct free_resumable {
  void operator()(SSL_SESSION* session) const noexcept { SSL_SESSION_free(session); }
};
using resumable = std::unique_ptr<SSL_SESSION, free_resumable>;

/// Sessions that servers have offered to take up again, by name; of each the newest few. Any thread.
class tls_session_cache {
 public:
  explicit tls_session_cache(std::size_t most = 1024) : most_(most) {}

  void put(const std::string& name, resumable session);
  /// The newest one that is still good; null when there is none. Those of TLS 1.3 are given once only (RFC 8446, C.4).
  resumable take(const std::string& name);
  std::size_t size() const;

 private:
  struct entry {
    std::string name;
    resumable session;
  };
  using entries = std::list<entry>;

  void erase(entries::iterator which);

  const std::size_t most_;
  mutable std::mutex mutex_;
  entries all_;  // oldest first
  std::unordered_map<std::string, std::list<entries::iterator>> by_name_;
};

}  // namespace braid::net
