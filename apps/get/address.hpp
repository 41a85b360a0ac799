#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace braid::get {

/// A URL as curl reads it from a command line: what the user wrote reaches the server byte for byte, where braid::url
/// writes what browsers would.
class address {
 public:
  address() = default;

  /// `default_scheme` is for text without one; empty for http. Dot segments of the path are resolved unless `as_is`.
  /// Throws: get_error (1 for another scheme, 3 for what is no URL).
  static address parse(std::string_view text, bool as_is = false, std::string_view default_scheme = {});

  /// As parse(), of any scheme. Throws: get_error (3).
  static address split(std::string_view text, bool as_is = false, std::string_view default_scheme = {});

  /// What a Location means on a page of this address; unsafe bytes in it are encoded. Throws: get_error.
  address resolve(std::string_view location, bool as_is = false) const;

  std::string scheme = "http";
  std::string user, password;  // decoded
  bool has_user = false;
  std::string host;     // lower case where it is IDNA or IPv6; in brackets for IPv6
  std::string spelled;  // the host as the user wrote it, where that differs
  std::uint16_t port = 80;
  bool has_port = false;  // the URL names one
  std::string path = "/";
  std::string query;  // with its '?', where there is one
  std::string fragment;

  bool is_secure() const { return scheme == "https"; }
  /// What a request line takes.
  std::string target() const { return path + query; }
  /// What a Host field takes.
  std::string authority() const;
  /// Without user and password.
  std::string str() const { return scheme + "://" + authority() + target(); }
  /// As str(), for people: with the host as it was written.
  std::string shown() const;
  /// Scheme, host and port: where credentials may go.
  std::string origin() const;
};

/// Resolves "/./" and "/../" (RFC 3986, 5.2.4).
std::string without_dot_segments(std::string_view path);

}  // namespace braid::get
