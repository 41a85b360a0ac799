#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace braid::http {

/// A scheme that a server offers in WWW-Authenticate or Proxy-Authenticate (RFC 9110, 11.6.1).
struct auth_challenge {
  struct parameter {
    std::string name;  // lower case
    std::string value;
  };

  std::string scheme;  // lower case: "basic", "digest"
  std::vector<parameter> parameters;
  std::string token;  // of schemes that have one instead of parameters

  /// Null where there is none. `name` in lower case.
  const std::string* find(std::string_view name) const noexcept;
};

/// All challenges of one field's value, in order. What is no challenge is left out.
std::vector<auth_challenge> parse_challenges(std::string_view value);

/// What a server wants for Digest authentication (RFC 7616), as far as a client can give it: MD5, SHA-256 and
/// SHA-512-256, each also as "-sess", with qop "auth" or none.
///
///     const auto wanted = http::digest_challenge::of(challenge);
///     if (wanted) request.header("Authorization", wanted->answer({"user", "secret"}, "GET", "/path", cnonce, 1));
struct digest_challenge {
  enum class hash : std::uint8_t { md5, sha_256, sha_512_256 };

  std::string realm, nonce, opaque;
  std::string algorithm;  // as the server wrote it
  hash with = hash::md5;
  bool session = false;
  bool qop_auth = false;
  bool user_hash = false;
  bool stale = false;  // the nonce was too old, the password not wrong

  /// Empty for another scheme, for a challenge without a nonce and for an algorithm or qop that is not known.
  static std::optional<digest_challenge> of(const auth_challenge& challenge);

  struct credentials {
    std::string user, password;
  };

  /// The value of Authorization for a request. `uri` is what stands in its request line; `cnonce` is a fresh random
  /// text; `count` is how many requests used this nonce, with this one.
  std::string answer(const credentials& who, std::string_view method, std::string_view uri, std::string_view cnonce,
                     std::uint32_t count) const;
};

/// 32 hexadecimal digits from the system's random generator. Throws: io_error.
std::string random_cnonce();

}  // namespace braid::http
