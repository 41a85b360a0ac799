#pragma once

#include <optional>
#include <string>

#include <braid/net/tls_options.hpp>

namespace braid::get {

/// How TLS is spoken, beside --insecure and --cacert.
struct tls_choices {
  tls_choices() = default;

  std::string ca_path;
  std::string certificate, key, password;  // --cert, --key, --pass
  std::string pins;
  std::string revocations;
  std::string ciphers, ciphers_1_3;
  std::optional<net::tls_version> lowest, highest;
  std::string interface;  // --interface, as it was given

  /// Differs where connections must not be shared.
  std::string text() const;
  /// Throws: get_error (90) for pins that are none.
  void apply_to(net::tls_options& to) const;
};

/// "FILE:PASSWORD", where a backslash takes the meaning off a colon.
void split_certificate(const std::string& text, std::string& file, std::string& password);

/// An address of this machine by --interface: "eth0", "if!eth0", "host!name", "127.0.0.1". Empty for what is none.
std::string own_address(const std::string& text);

}  // namespace braid::get
