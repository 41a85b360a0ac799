#pragma once

#include <openssl/bio.h>

#include <boost/system/error_code.hpp>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tls_context.hpp"

namespace braid::net {

/// TLS as a machine without I/O: ciphertext that came in is put into input(), ciphertext to send is taken from
/// output(). It never waits; the stream around it does.
class tls_session {
 public:
  enum class step {
    done,        ///< it is done
    want_input,  ///< it needs more ciphertext
    closed,      ///< the peer has said that nothing follows
    failed,      ///< see error() and, for handshakes, reason()
  };

  tls_session(std::shared_ptr<tls_options::settings> settings, bool server, const std::string& server_name);
  ~tls_session();
  tls_session(const tls_session&) = delete;
  tls_session& operator=(const tls_session&) = delete;

  /// Has the sessions that servers offer kept with the settings, and their keys compared with those that are pinned.
  static void remember_sessions(SSL_CTX* context);
  static void check_pins(SSL_CTX* context);

  step handshake();

  /// Decrypts into `into` what there is; `size` says how much. done means at least one byte.
  step read(void* into, std::size_t room, std::size_t& size);

  /// Encrypts all of it into output(). done or failed.
  step write(const void* data, std::size_t size);

  /// Appends close_notify to output().
  void say_goodbye();

  /// Room for ciphertext to be read into; then take_input() says how much came.
  std::span<char> input();
  void take_input(std::size_t size) { input_end_ += size; }
  void input_ended() { input_ended_ = true; }

  /// Ciphertext to send. The caller takes it away.
  std::vector<char>& output() { return output_; }

  /// Nothing decrypted or undecrypted is waiting inside.
  bool is_drained() const;

  boost::system::error_code error() const { return error_; }
  const std::string& reason() const { return reason_; }
  std::string_view application_protocol() const;
  /// A client's: the chain that the server showed, in PEM.
  std::vector<std::string> peer_certificates() const;
  /// A client's: the peer was verified, and its certificate is good for this name or numeric address too.
  bool is_good_for(std::string_view host) const;
  /// An earlier session was taken up.
  bool resumed() const { return SSL_session_reused(ssl_.get()) == 1; }

 private:
  static const BIO_METHOD* bio_method();
  static int bio_read(BIO* bio, char* into, std::size_t room, std::size_t* size);
  static int bio_write(BIO* bio, const char* data, std::size_t size, std::size_t* written);
  static long bio_control(BIO* bio, int command, long number, void* pointer);

  static int keep_session(SSL* ssl, SSL_SESSION* session);
  static int verify_pinned(X509_STORE_CTX* chain, void* unused);

  void expect_peer(const std::string& server_name);
  step result_of(int returned);

  std::shared_ptr<tls_options::settings> settings_;  // the context's callbacks refer to it
  session_ptr ssl_;
  std::string name_;         // under which sessions are kept
  std::string unknown_key_;  // that the peer has, and nobody pinned
  std::vector<char> input_;
  std::size_t input_begin_ = 0;
  std::size_t input_end_ = 0;
  bool input_ended_ = false;
  std::vector<char> output_;
  boost::system::error_code error_;
  std::string reason_;
};

}  // namespace braid::net
