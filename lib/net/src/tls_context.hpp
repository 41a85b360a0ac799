#pragma once

#include <openssl/ssl.h>

#include <braid/net/tls_options.hpp>
#include <cstdint>
#include <memory>
#include <mutex>

namespace braid::net {

struct free_ssl {
  void operator()(SSL_CTX* context) const noexcept { SSL_CTX_free(context); }
  void operator()(SSL* session) const noexcept { SSL_free(session); }
};
using context_ptr = std::unique_ptr<SSL_CTX, free_ssl>;
using session_ptr = std::unique_ptr<SSL, free_ssl>;

struct tls_options::settings {
  settings() = default;
  settings(const settings& other);

  static std::uint64_t next_id() noexcept;

  /// No two settings of a process have the same, whenever they live.
  const std::uint64_t id = next_id();
  bool verify = true;
  std::string ca_file;
  std::string chain_file;
  std::string key_file;
  tls_version min_version = tls_version::tls_1_2;
  std::vector<std::string> alpn;
  std::string alpn_wire;  // each name with its length before it

  /// Loaded on first use, as reading the system's authorities takes tens of milliseconds. Kept for all copies.
  /// Throws: tls_error for files that cannot be used.
  SSL_CTX* client();
  SSL_CTX* server();

 private:
  context_ptr make(bool server) const;

  std::mutex loading_;
  context_ptr client_;
  context_ptr server_;
};

/// The reason at the head of OpenSSL's error queue, in words; clears the queue.
std::string openssl_reason();

}  // namespace braid::net
