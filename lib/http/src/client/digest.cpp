#include <openssl/evp.h>
#include <openssl/rand.h>
#include <braid/http/digest.hpp>

#include <algorithm>
#include <array>
#include <cstdio>

#include <braid/core/error.hpp>
#include <braid/http/headers.hpp>

namespace braid::http {

namespace {

std::string hex(const unsigned char* bytes, std::size_t size) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  for (std::size_t i = 0; i < size; ++i) {
    out += digits[bytes[i] >> 4];
    out += digits[bytes[i] & 15];
  }
  return out;
}

std::string hashed(digest_challenge::hash with, const std::string& text) {
  const EVP_MD* kind = EVP_md5();
  if (with == digest_challenge::hash::sha_256) kind = EVP_sha256();
  if (with == digest_challenge::hash::sha_512_256) kind = EVP_sha512_256();
  std::array<unsigned char, EVP_MAX_MD_SIZE> out;
  unsigned size = 0;
  if (EVP_Digest(text.data(), text.size(), out.data(), &size, kind, nullptr) != 1) {
    throw io_error("digest: the hash function is not available");
  }
  return hex(out.data(), size);
}

/// The inside of a quoted-string. Control bytes but the tab, which no header may hold, become %XX.
std::string quotable(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < ' ' && c != '\t') || byte == 0x7F) {
      out += '%';
      out += digits[byte >> 4];
      out += digits[byte & 15];
      continue;
    }
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

bool lists(std::string_view list, std::string_view word) {
  while (!list.empty()) {
    const std::size_t end = std::min(list.find(','), list.size());
    std::string_view one = list.substr(0, end);
    while (one.starts_with(' ') || one.starts_with('\t')) one.remove_prefix(1);
    while (one.ends_with(' ') || one.ends_with('\t')) one.remove_suffix(1);
    if (equal_ignoring_case(one, word)) return true;
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return false;
}

bool set_algorithm(digest_challenge& to, std::string_view name) {
  constexpr std::string_view session = "-sess";
  std::string_view base = name;
  if (base.size() > session.size() && equal_ignoring_case(base.substr(base.size() - session.size()), session)) {
    base.remove_suffix(session.size());
    to.session = true;
  }
  to.algorithm = name;
  if (equal_ignoring_case(base, "MD5")) {
    to.with = digest_challenge::hash::md5;
  } else if (equal_ignoring_case(base, "SHA-256")) {
    to.with = digest_challenge::hash::sha_256;
  } else if (equal_ignoring_case(base, "SHA-512-256")) {
    to.with = digest_challenge::hash::sha_512_256;
  } else {
    return false;
  }
  return true;
}

}  // namespace

std::optional<digest_challenge> digest_challenge::of(const auth_challenge& challenge) {
  if (challenge.scheme != "digest") return std::nullopt;
  digest_challenge out;
  const auto take = [&](std::string_view name, std::string& to) {
    if (const std::string* const value = challenge.find(name)) to = *value;
  };
  take("realm", out.realm);
  take("nonce", out.nonce);
  take("opaque", out.opaque);
  if (out.nonce.empty()) return std::nullopt;
  const std::string* const algorithm = challenge.find("algorithm");
  if (algorithm && !set_algorithm(out, *algorithm)) return std::nullopt;
  if (const std::string* const qop = challenge.find("qop")) {
    out.qop_auth = lists(*qop, "auth");
    if (!out.qop_auth && !qop->empty()) return std::nullopt;
  }
  const auto holds = [&](std::string_view name) {
    const std::string* const value = challenge.find(name);
    return value && equal_ignoring_case(*value, "true");
  };
  out.stale = holds("stale");
  out.user_hash = holds("userhash");
  return out;
}

std::string digest_challenge::answer(const credentials& who, std::string_view method, std::string_view uri,
                                     std::string_view cnonce, std::uint32_t count) const {
  const std::string target(uri), fresh(cnonce);
  std::string a1 = hashed(with, who.user + ":" + realm + ":" + who.password);
  if (session) a1 = hashed(with, a1 + ":" + nonce + ":" + fresh);
  const std::string a2 = hashed(with, std::string(method) + ":" + target);
  std::array<char, 9> counted{};
  std::snprintf(counted.data(), counted.size(), "%08x", count);
  const std::string nc = counted.data();
  const std::string middle = qop_auth ? ":" + nc + ":" + fresh + ":auth:" : ":";
  const std::string response = hashed(with, a1 + ":" + nonce + middle + a2);
  const std::string user = user_hash ? hashed(with, who.user + ":" + realm) : quotable(who.user);
  std::string out = "Digest username=\"" + user + "\", realm=\"" + quotable(realm) + "\", nonce=\"" + quotable(nonce);
  out += "\", uri=\"" + quotable(target) + "\", ";
  if (qop_auth) out += "cnonce=\"" + fresh + "\", nc=" + nc + ", qop=auth, ";
  out += "response=\"" + response + "\"";
  if (!opaque.empty()) out += ", opaque=\"" + quotable(opaque) + "\"";
  if (!algorithm.empty()) out += ", algorithm=" + algorithm;
  if (user_hash) out += ", userhash=true";
  return out;
}

std::string random_cnonce() {
  std::array<unsigned char, 16> bytes;
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) throw io_error("no random bytes");
  return hex(bytes.data(), bytes.size());
}

}  // namespace braid::http
