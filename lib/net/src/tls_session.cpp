#include "tls_session.hpp"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <braid/core/base64.hpp>
#include <braid/core/error.hpp>
#include <braid/net/endpoint.hpp>
#include <braid/net/tls.hpp>
#include <cstring>

namespace braid::net {

namespace {

/// A whole record fits: one read of the stream below brings at least one.
constexpr std::size_t input_room = SSL3_RT_MAX_PLAIN_LENGTH + 1024;

// Boost's error_category has no virtual destructor, as nobody deletes one through its base.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wnon-virtual-dtor"
class openssl_category final : public boost::system::error_category {
 public:
  const char* name() const noexcept override { return "braid.tls"; }

  std::string message(int value) const override {
    if (value == static_cast<int>(stream_error::truncated)) return "stream truncated: closed without close_notify";
    const char* reason = ERR_reason_error_string(static_cast<unsigned long>(value));
    return reason != nullptr ? reason : "TLS error " + std::to_string(value);
  }
};
#pragma GCC diagnostic pop

/// Of a certificate's public key: base64 of the SHA-256 of its SubjectPublicKeyInfo. Empty when there is none.
std::string fingerprint_of(X509* certificate) {
  unsigned char* der = nullptr;
  const int size = certificate != nullptr ? i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &der) : 0;
  if (size <= 0) return {};
  unsigned char digest[32];
  const bool good = EVP_Digest(der, static_cast<std::size_t>(size), digest, nullptr, EVP_sha256(), nullptr) == 1;
  OPENSSL_free(der);
  return good ? base64({reinterpret_cast<const char*>(digest), sizeof digest}) : std::string();
}

/// Old errors of the thread would be taken for new ones. To look costs less than to clear what is clear.
void forget_errors() {
  if (ERR_peek_error() != 0) ERR_clear_error();
}

}  // namespace

const boost::system::error_category& tls_category() noexcept {
  static const openssl_category category;
  return category;
}

const BIO_METHOD* tls_session::bio_method() {
  static BIO_METHOD* const method = [] {
    BIO_METHOD* made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "braid stream");
    BIO_meth_set_read_ex(made, bio_read);
    BIO_meth_set_write_ex(made, bio_write);
    BIO_meth_set_ctrl(made, bio_control);
    return made;
  }();
  return method;
}

int tls_session::bio_read(BIO* bio, char* into, std::size_t room, std::size_t* size) {
  auto& self = *static_cast<tls_session*>(BIO_get_data(bio));
  BIO_clear_retry_flags(bio);
  *size = std::min(room, self.input_end_ - self.input_begin_);
  if (*size == 0) {
    if (!self.input_ended_) BIO_set_retry_read(bio);
    return 0;
  }
  std::memcpy(into, self.input_.data() + self.input_begin_, *size);
  self.input_begin_ += *size;
  return 1;
}

int tls_session::bio_write(BIO* bio, const char* data, std::size_t size, std::size_t* written) {
  auto& self = *static_cast<tls_session*>(BIO_get_data(bio));
  BIO_clear_retry_flags(bio);
  self.output_.insert(self.output_.end(), data, data + size);
  *written = size;
  return 1;
}

long tls_session::bio_control(BIO* bio, int command, long, void*) {
  const auto& self = *static_cast<const tls_session*>(BIO_get_data(bio));
  if (command == BIO_CTRL_EOF) return self.input_ended_ && self.input_begin_ == self.input_end_;
  return command == BIO_CTRL_FLUSH || command == BIO_CTRL_DUP;
}

tls_session::tls_session(std::shared_ptr<tls_options::settings> settings, bool server, const std::string& server_name)
    : settings_(std::move(settings)), ssl_(SSL_new(server ? settings_->server() : settings_->client())) {
  BIO* bio = ssl_ ? BIO_new(bio_method()) : nullptr;
  if (bio == nullptr) throw tls_error("TLS session: " + openssl_reason());
  BIO_set_data(bio, this);
  BIO_set_init(bio, 1);
  SSL_set_bio(ssl_.get(), bio, bio);  // owns it
  if (server) {
    SSL_set_accept_state(ssl_.get());
  } else {
    SSL_set_app_data(ssl_.get(), this);
    SSL_set_connect_state(ssl_.get());
    expect_peer(server_name);
    name_ = server_name;
    if (const resumable earlier = settings_->resume ? settings_->sessions.take(name_) : nullptr) {
      SSL_set_session(ssl_.get(), earlier.get());
    }
  }
}

tls_session::~tls_session() {
  // OpenSSL spoils the session of a connection that ends without a farewell. Truncation is ours to see, and no reason
  // to shake hands in full the next time.
  if (!error_) SSL_set_shutdown(ssl_.get(), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
}

void tls_session::remember_sessions(SSL_CTX* context) {
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
  SSL_CTX_sess_set_new_cb(context, keep_session);
}

int tls_session::keep_session(SSL* ssl, SSL_SESSION* session) {
  const auto& self = *static_cast<const tls_session*>(SSL_get_app_data(ssl));
  self.settings_->sessions.put(self.name_, resumable(session));
  return 1;  // the session is ours
}

void tls_session::check_pins(SSL_CTX* context) { SSL_CTX_set_cert_verify_callback(context, verify_pinned, nullptr); }

/// Instead of OpenSSL's verification, which is a part of it. 1 for a chain that is good.
int tls_session::verify_pinned(X509_STORE_CTX* chain, void*) {
  auto* const ssl = static_cast<SSL*>(X509_STORE_CTX_get_ex_data(chain, SSL_get_ex_data_X509_STORE_CTX_idx()));
  auto& self = *static_cast<tls_session*>(SSL_get_app_data(ssl));
  if (self.settings_->verify && X509_verify_cert(chain) != 1) return 0;
  const std::string key = fingerprint_of(X509_STORE_CTX_get0_cert(chain));
  const std::vector<std::string>& pins = self.settings_->pins;
  if (!key.empty() && std::find(pins.begin(), pins.end(), key) != pins.end()) {
    X509_STORE_CTX_set_error(chain, X509_V_OK);
    return 1;
  }
  self.unknown_key_ = key;
  X509_STORE_CTX_set_error(chain, X509_V_ERR_APPLICATION_VERIFICATION);
  return 0;
}

void tls_session::expect_peer(const std::string& server_name) {
  std::string name = server_name;
  if (!name.empty() && name.back() == '.') name.pop_back();
  const std::optional<endpoint> numeric = endpoint::parse(name, 0);
  X509_VERIFY_PARAM* expected = SSL_get0_param(ssl_.get());
  if (numeric) {
    const std::string address = numeric->address();
    X509_VERIFY_PARAM_set1_ip_asc(expected, address.substr(0, address.find('%')).c_str());
    return;  // names only are sent as server name (RFC 6066)
  }
  X509_VERIFY_PARAM_set_hostflags(expected, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  const bool usable = !name.empty() && name.find('\0') == name.npos &&
                      X509_VERIFY_PARAM_set1_host(expected, name.c_str(), name.size()) == 1 &&
                      SSL_set_tlsext_host_name(ssl_.get(), name.c_str()) == 1;
  ERR_clear_error();
  // Without a name to compare with, any valid certificate would do.
  if (!usable && settings_->verify) throw tls_error("TLS with '" + name + "': not a name that can be checked");
}

tls_session::step tls_session::result_of(int returned) {
  switch (SSL_get_error(ssl_.get(), returned)) {
    case SSL_ERROR_NONE:
      return step::done;
    case SSL_ERROR_WANT_READ:
      return step::want_input;
    case SSL_ERROR_ZERO_RETURN:
      return step::closed;
    default:
      break;
  }
  const unsigned long code = ERR_peek_error();
  const bool truncated = input_ended_ && (code == 0 || ERR_GET_REASON(code) == SSL_R_UNEXPECTED_EOF_WHILE_READING);
  if (truncated) {
    error_ = make_error_code(stream_error::truncated);
    reason_ = "the peer closed the connection";
    ERR_clear_error();
    return step::failed;
  }
  const int value = static_cast<int>(code & 0x7fffffffUL);
  error_ = {value != 0 ? value : ERR_R_INTERNAL_ERROR, tls_category()};
  reason_ = openssl_reason();
  const long verified = SSL_get_verify_result(ssl_.get());
  if (!unknown_key_.empty()) {
    reason_ = "the certificate's public key is none that is pinned: sha256//" + unknown_key_;
  } else if (verified != X509_V_OK && ERR_GET_REASON(code) == SSL_R_CERTIFICATE_VERIFY_FAILED) {
    reason_ += std::string(": ") + X509_verify_cert_error_string(verified);
  }
  return step::failed;
}

tls_session::step tls_session::handshake() {
  ERR_clear_error();
  return result_of(SSL_do_handshake(ssl_.get()));
}

tls_session::step tls_session::read(void* into, std::size_t room, std::size_t& size) {
  size = 0;
  if (error_) return step::failed;
  // OpenSSL takes a while to find out that there is nothing.
  if (is_drained() && !input_ended_ && SSL_get_shutdown(ssl_.get()) == 0) return step::want_input;
  forget_errors();
  // Small records are common; as many as are here go into one read.
  while (size < room) {
    std::size_t got = 0;
    const int returned = SSL_read_ex(ssl_.get(), static_cast<char*>(into) + size, room - size, &got);
    size += got;
    if (returned == 1 && is_drained()) break;
    if (returned == 1) continue;
    const step result = result_of(returned);
    return size > 0 ? step::done : result;  // what ends the stream is said again at the next read
  }
  return step::done;
}

tls_session::step tls_session::write(const void* data, std::size_t size) {
  if (error_) return step::failed;
  forget_errors();
  std::size_t written = 0;
  const int returned = SSL_write_ex(ssl_.get(), data, size, &written);
  return returned == 1 ? step::done : (result_of(returned), step::failed);
}

void tls_session::say_goodbye() {
  ERR_clear_error();
  if (!error_) SSL_shutdown(ssl_.get());
  ERR_clear_error();
}

std::span<char> tls_session::input() {
  if (input_begin_ == input_end_) {
    input_begin_ = input_end_ = 0;
  } else if (input_begin_ > 0 && input_.size() - input_end_ < input_room / 2) {
    std::memmove(input_.data(), input_.data() + input_begin_, input_end_ - input_begin_);
    input_end_ -= input_begin_;
    input_begin_ = 0;
  }
  if (input_.size() - input_end_ < input_room / 2) input_.resize(input_end_ + input_room);
  return {input_.data() + input_end_, input_.size() - input_end_};
}

bool tls_session::is_drained() const { return input_begin_ == input_end_ && SSL_has_pending(ssl_.get()) == 0; }

bool tls_session::is_good_for(std::string_view host) const {
  X509* const certificate = SSL_get0_peer_certificate(ssl_.get());
  const bool verified =
      settings_->verify && !SSL_is_server(ssl_.get()) && SSL_get_verify_result(ssl_.get()) == X509_V_OK;
  if (!verified || certificate == nullptr) return false;
  if (host.ends_with('.')) host.remove_suffix(1);
  // What begins with a dot would stand for all names below it.
  if (host.empty() || host.front() == '.' || host.find('\0') != host.npos) return false;
  const std::optional<endpoint> numeric = endpoint::parse(host, 0);
  if (numeric) {
    const std::string address = numeric->address();
    return X509_check_ip_asc(certificate, address.substr(0, address.find('%')).c_str(), 0) == 1;
  }
  constexpr unsigned flags = X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS;
  return X509_check_host(certificate, host.data(), host.size(), flags, nullptr) == 1;
}

std::vector<std::string> tls_session::peer_certificates() const {
  std::vector<std::string> out;
  STACK_OF(X509)* const chain = SSL_get_peer_cert_chain(ssl_.get());
  const int count = chain != nullptr ? sk_X509_num(chain) : 0;
  for (int i = 0; i < count; ++i) {
    const std::unique_ptr<BIO, decltype(&BIO_free)> text(BIO_new(BIO_s_mem()), &BIO_free);
    if (!text || PEM_write_bio_X509(text.get(), sk_X509_value(chain, i)) != 1) continue;
    char* data = nullptr;
    const long size = BIO_get_mem_data(text.get(), &data);
    out.emplace_back(data, static_cast<std::size_t>(size));
  }
  return out;
}

std::string_view tls_session::application_protocol() const {
  const unsigned char* name = nullptr;
  unsigned int size = 0;
  SSL_get0_alpn_selected(ssl_.get(), &name, &size);
  return {reinterpret_cast<const char*>(name), size};
}

}  // namespace braid::net
