#include "tls_context.hpp"

#include <openssl/err.h>

#include <atomic>
#include <braid/core/error.hpp>

namespace braid::net {

namespace {

[[noreturn]] void fail(const std::string& doing) { throw tls_error(doing + ": " + openssl_reason()); }

/// The first of ours that the client offers too; no common one refuses nothing, the caller sees the empty choice.
int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* size, const unsigned char* offered,
                    unsigned int offered_size, void* settings) {
  const auto& wire = static_cast<const tls_options::settings*>(settings)->alpn_wire;
  const int found = SSL_select_next_proto(const_cast<unsigned char**>(chosen), size,
                                          reinterpret_cast<const unsigned char*>(wire.data()),
                                          static_cast<unsigned int>(wire.size()), offered, offered_size);
  return found == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK;
}

void load_certificate(SSL_CTX* context, const std::string& chain, const std::string& key) {
  if (SSL_CTX_use_certificate_chain_file(context, chain.c_str()) != 1) fail("certificate " + chain);
  if (SSL_CTX_use_PrivateKey_file(context, key.c_str(), SSL_FILETYPE_PEM) != 1) fail("private key " + key);
  if (SSL_CTX_check_private_key(context) != 1) fail("private key " + key + " and certificate " + chain);
}

}  // namespace

std::string openssl_reason() {
  const unsigned long code = ERR_peek_error();
  ERR_clear_error();
  if (code == 0) return "unknown reason";
  const char* reason = ERR_reason_error_string(code);
  return reason != nullptr ? reason : "OpenSSL error " + std::to_string(code);
}

std::uint64_t tls_options::settings::next_id() noexcept {
  static std::atomic<std::uint64_t> last{0};
  return ++last;
}

tls_options::settings::settings(const settings& other)
    : verify(other.verify),
      ca_file(other.ca_file),
      chain_file(other.chain_file),
      key_file(other.key_file),
      min_version(other.min_version),
      alpn(other.alpn),
      alpn_wire(other.alpn_wire) {}

SSL_CTX* tls_options::settings::client() {
  const std::lock_guard lock(loading_);
  if (!client_) client_ = make(false);
  return client_.get();
}

SSL_CTX* tls_options::settings::server() {
  const std::lock_guard lock(loading_);
  if (!server_) server_ = make(true);
  return server_.get();
}

context_ptr tls_options::settings::make(bool server) const {
  ERR_clear_error();
  context_ptr context(SSL_CTX_new(server ? TLS_server_method() : TLS_client_method()));
  if (!context) fail("TLS context");
  SSL_CTX_set_min_proto_version(context.get(), min_version == tls_version::tls_1_3 ? TLS1_3_VERSION : TLS1_2_VERSION);
  SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  // Idle connections keep no 17 KiB record buffers.
  SSL_CTX_set_mode(context.get(), SSL_MODE_RELEASE_BUFFERS);

  if (!chain_file.empty()) load_certificate(context.get(), chain_file, key_file);
  if (server) {
    if (chain_file.empty()) throw tls_error("TLS server without a certificate");
    // The callback outlives no settings: the context belongs to them.
    if (!alpn_wire.empty()) {
      SSL_CTX_set_alpn_select_cb(context.get(), choose_protocol, const_cast<settings*>(this));
    }
    return context;
  }
  if (!alpn_wire.empty()) {
    SSL_CTX_set_alpn_protos(context.get(), reinterpret_cast<const unsigned char*>(alpn_wire.data()),
                            static_cast<unsigned int>(alpn_wire.size()));
  }
  SSL_CTX_set_verify(context.get(), verify ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, nullptr);
  if (!verify) return context;
  if (ca_file.empty()) {
    if (SSL_CTX_set_default_verify_paths(context.get()) != 1) fail("the system's certificate authorities");
  } else if (SSL_CTX_load_verify_locations(context.get(), ca_file.c_str(), nullptr) != 1) {
    fail("certificate authorities " + ca_file);
  }
  return context;
}

}  // namespace braid::net
