#include "tls_context.hpp"

#include <openssl/err.h>
#include <openssl/x509_vfy.h>

#include <algorithm>
#include <atomic>
#include <braid/core/error.hpp>

#include "tls_session.hpp"

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

/// Without it OpenSSL would ask at the terminal.
int give_password(char* into, int room, int, void* password) {
  const auto& text = *static_cast<const std::string*>(password);
  if (text.size() > static_cast<std::size_t>(room)) return 0;
  std::copy(text.begin(), text.end(), into);
  return static_cast<int>(text.size());
}

void load_certificate(SSL_CTX* context, const std::string& chain, const std::string& key) {
  if (SSL_CTX_use_certificate_chain_file(context, chain.c_str()) != 1) fail("own certificate " + chain);
  if (SSL_CTX_use_PrivateKey_file(context, key.c_str(), SSL_FILETYPE_PEM) != 1) fail("private key " + key);
  if (SSL_CTX_check_private_key(context) != 1) fail("private key " + key + " and certificate " + chain);
}

void load_revocations(SSL_CTX* context, const std::string& file) {
  X509_STORE* const store = SSL_CTX_get_cert_store(context);
  X509_LOOKUP* const lookup = X509_STORE_add_lookup(store, X509_LOOKUP_file());
  if (lookup == nullptr || X509_load_crl_file(lookup, file.c_str(), X509_FILETYPE_PEM) <= 0) {
    fail("revocation list " + file);
  }
  X509_STORE_set_flags(store, X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL);
}

int number_of(tls_version version) {
  switch (version) {
    case tls_version::tls_1_0:
      return TLS1_VERSION;
    case tls_version::tls_1_1:
      return TLS1_1_VERSION;
    case tls_version::tls_1_2:
      return TLS1_2_VERSION;
    case tls_version::tls_1_3:
      break;
  }
  return TLS1_3_VERSION;
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
      ca_path(other.ca_path),
      crl_file(other.crl_file),
      client_ca(other.client_ca),
      chain_file(other.chain_file),
      key_file(other.key_file),
      key_password(other.key_password),
      pins(other.pins),
      min_version(other.min_version),
      max_version(other.max_version),
      ciphers(other.ciphers),
      ciphers_1_3(other.ciphers_1_3),
      resume(other.resume),
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

context_ptr tls_options::settings::make(bool server) {
  ERR_clear_error();
  context_ptr context(SSL_CTX_new(server ? TLS_server_method() : TLS_client_method()));
  if (!context) fail("TLS context");
  SSL_CTX_set_min_proto_version(context.get(), number_of(min_version));
  SSL_CTX_set_max_proto_version(context.get(), number_of(max_version));
  if (!ciphers.empty() && SSL_CTX_set_cipher_list(context.get(), ciphers.c_str()) != 1) fail("ciphers " + ciphers);
  if (!ciphers_1_3.empty() && SSL_CTX_set_ciphersuites(context.get(), ciphers_1_3.c_str()) != 1) {
    fail("ciphers " + ciphers_1_3);
  }
  SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  // Idle connections keep no 17 KiB record buffers.
  SSL_CTX_set_mode(context.get(), SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_default_passwd_cb(context.get(), give_password);
  SSL_CTX_set_default_passwd_cb_userdata(context.get(), &key_password);
  if (!chain_file.empty()) load_certificate(context.get(), chain_file, key_file);
  server ? make_server(context.get()) : make_client(context.get());
  return context;
}

void tls_options::settings::make_server(SSL_CTX* context) {
  if (chain_file.empty()) throw tls_error("TLS server without a certificate");
  // The callback outlives no settings: the context belongs to them.
  if (!alpn_wire.empty()) SSL_CTX_set_alpn_select_cb(context, choose_protocol, this);
  if (client_ca.empty()) return;
  if (SSL_CTX_load_verify_locations(context, client_ca.c_str(), nullptr) != 1)
    fail("clients' authorities " + client_ca);
  SSL_CTX_set_client_CA_list(context, SSL_load_client_CA_file(client_ca.c_str()));
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  // A session of one set of options is not to be taken up with another.
  const std::string own = std::to_string(id);
  SSL_CTX_set_session_id_context(context, reinterpret_cast<const unsigned char*>(own.data()),
                                 static_cast<unsigned int>(own.size()));
}

void tls_options::settings::make_client(SSL_CTX* context) {
  if (!alpn_wire.empty()) {
    SSL_CTX_set_alpn_protos(context, reinterpret_cast<const unsigned char*>(alpn_wire.data()),
                            static_cast<unsigned int>(alpn_wire.size()));
  }
  if (resume) tls_session::remember_sessions(context);
  SSL_CTX_set_verify(context, verify || !pins.empty() ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, nullptr);
  if (!pins.empty()) tls_session::check_pins(context);
  if (!verify) return;
  if (ca_file.empty() && ca_path.empty()) {
    if (SSL_CTX_set_default_verify_paths(context) != 1) fail("the system's certificate authorities");
  } else if (SSL_CTX_load_verify_locations(context, ca_file.empty() ? nullptr : ca_file.c_str(),
                                           ca_path.empty() ? nullptr : ca_path.c_str()) != 1) {
    fail("certificate authorities " + (ca_file.empty() ? ca_path : ca_file));
  }
  if (!crl_file.empty()) load_revocations(context, crl_file);
}

}  // namespace braid::net
