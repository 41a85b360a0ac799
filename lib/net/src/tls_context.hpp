#pragma once

#include <openssl/ssl.h>

#include <braid/net/tls_options.hpp>
#include <cstdint>
#include <memory>
#include <mutex>

#include "tls_session_cache.hpp"

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
  std::string ca_path;
  std::string crl_file;
  std::string client_ca;
  std::string chain_file;
  std::string key_file;
  std::string key_password;
  std::vector<std::string> pins;  // base64 of SHA-256
  tls_version min_version = tls_version::tls_1_2;
  tls_version max_version = tls_version::tls_1_3;
  std::string ciphers;
  std::string ciphers_1_3;
  bool resume = true;
  std::vector<std::string> alpn;
  std::string alpn_wire;  // each name with its length before it

  /// Loaded on first use, as reading the system's authorities takes tens of milliseconds. Kept for all copies.
  /// Throws: tls_error for files that cannot be used.
  SSL_CTX* client();
  SSL_CTX* server();

  tls_session_cache sessions;

 private:
  context_ptr make(bool server);
  void make_client(SSL_CTX* context);
  void make_server(SSL_CTX* context);

  std::mutex loading_;
  context_ptr client_;
  context_ptr server_;
};

/// The reason at the head of OpenSSL's error queue, in words; clears the queue.
std::string openssl_reason();

}  // namespace braid::net
