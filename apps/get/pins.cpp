#include "pins.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <string_view>

#include <braid/core/base64.hpp>

#include "body_text.hpp"
#include "get_error.hpp"

namespace braid::get {

namespace {

/// What stands between the lines of PEM; the text itself where there are none, for it is DER then.
std::string key_in(const std::string& text, const std::string& file) {
  constexpr std::string_view begin = "-----BEGIN PUBLIC KEY-----", end = "-----END PUBLIC KEY-----";
  const std::size_t first = text.find(begin);
  if (first == text.npos) return text;
  const std::size_t last = text.find(end, first);
  std::string inside = text.substr(first + begin.size(), std::min(last, text.size()) - first - begin.size());
  std::erase_if(inside, [](char c) { return c == '\n' || c == '\r' || c == ' '; });
  const std::optional<std::string> key = base64_decode(inside);
  if (last == text.npos || !key) throw get_error(bad_pin, "'" + file + "' holds no public key");
  return *key;
}

}  // namespace

std::string pins_of(const std::string& text) {
  constexpr std::string_view kind = "sha256//";
  if (text.starts_with(kind)) return text;
  std::string key;
  try {
    key = key_in(file_content(text), text);
  } catch (const get_error& e) {
    throw get_error(bad_pin, e.what());
  }
  std::array<unsigned char, 32> hash{};
  if (EVP_Digest(key.data(), key.size(), hash.data(), nullptr, EVP_sha256(), nullptr) != 1) {
    throw get_error(bad_pin, "no SHA-256 for '" + text + "'");
  }
  return std::string(kind) + base64(std::string_view(reinterpret_cast<const char*>(hash.data()), hash.size()));
}

}  // namespace braid::get
