#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace braid::net {

/// The first two are broken, and OpenSSL speaks them only where its own settings allow it.
enum class tls_version { tls_1_0, tls_1_1, tls_1_2, tls_1_3 };

/// How TLS is spoken, by a client or by a server. By default a client verifies the peer's certificate and name against
/// the system's authorities and speaks TLS 1.2 or newer.
///
///     auto options = tls_options().ca_file("our-ca.pem").alpn({"http/1.1"});
///
/// Cheap to copy: copies share the settings, and the loaded certificates with them, until one is changed.
/// Threads: copies may be used from any number of threads.
class tls_options {
 public:
  tls_options();

  /// False accepts any certificate with any name. For tests.
  tls_options& verify(bool on);

  /// The authorities to trust, instead of the system's: a file of PEM certificates.
  tls_options& ca_file(std::string path);

  /// The same as a folder of certificates named by hashes, as `openssl rehash` makes it. Beside ca_file, if both are
  /// given.
  tls_options& ca_path(std::string folder);

  /// Certificates that their authorities took back: a file of PEM lists, one for each authority of the chain.
  tls_options& revocation_list(std::string file);

  /// Public keys of which the peer's certificate must have one, whatever its authority: "sha256//BASE64", several with
  /// a semicolon between them, as curl's --pinnedpubkey. Also without verify(). Throws: invalid_argument for anything
  /// else.
  tls_options& pinned_keys(std::string_view keys);

  /// Own certificate chain and key, PEM files: what a server needs, and a client of servers that ask for one. An
  /// encrypted key needs its password.
  tls_options& certificate(std::string chain_file, std::string key_file, std::string password = {});

  /// For a server: lets in only clients with a certificate of these authorities, a file of PEM certificates.
  tls_options& client_ca(std::string file);

  tls_options& min_version(tls_version version);
  tls_options& max_version(tls_version version);

  /// The ciphers of TLS 1.2 and older, and those of TLS 1.3, as OpenSSL names them, with colons between them. A list
  /// with none that is known is a tls_error when the options are used first.
  tls_options& ciphers(std::string names);
  tls_options& ciphers_1_3(std::string names);

  /// A client takes up earlier sessions with a server, which saves a round of messages and the certificates. On by
  /// default; sessions are shared by copies, up to 1024 of them, each used once with TLS 1.3.
  tls_options& resumption(bool on);

  /// Protocols offered by a client, or accepted by a server, the preferred one first: "h2", "http/1.1".
  /// Throws: invalid_argument for a name that is empty or longer than 255 bytes.
  tls_options& alpn(std::vector<std::string> protocols);

  bool verify() const noexcept;
  const std::string& ca_file() const noexcept;
  bool has_certificate() const noexcept;
  bool has_pins() const noexcept;
  const std::vector<std::string>& alpn() const noexcept;

  /// Equal settings, as far as that is known: true of copies, false of options built alike but apart.
  friend bool operator==(const tls_options& a, const tls_options& b) noexcept { return a.settings_ == b.settings_; }

  struct settings;
  const std::shared_ptr<settings>& shared_settings() const noexcept { return settings_; }

 private:
  settings& own();

  std::shared_ptr<settings> settings_;
};

}  // namespace braid::net
