#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace braid {

/// A set of bytes, most useful as "the bytes that must be percent-encoded here". Bytes from 0x7F on, and controls, are
/// always in an encode set (WHATWG URL, 1.3).
class byte_set {
 public:
  constexpr explicit byte_set(std::string_view printable) {
    for (int c = 0; c < 0x20; ++c) put(static_cast<unsigned char>(c));
    for (int c = 0x7F; c < 0x100; ++c) put(static_cast<unsigned char>(c));
    for (char c : printable) put(static_cast<unsigned char>(c));
  }
  constexpr bool has(char c) const {
    const auto u = static_cast<unsigned char>(c);
    return (bits_[u >> 6] >> (u & 63)) & 1;
  }

 private:
  constexpr void put(unsigned char u) { bits_[u >> 6] |= 1ull << (u & 63); }
  unsigned long long bits_[4] = {};
};

namespace encode_set {
inline constexpr byte_set fragment{" \"<>`"};
inline constexpr byte_set query{" \"#<>'"};
inline constexpr byte_set path{" \"#<>?^`{}"};
inline constexpr byte_set userinfo{" \"#<>?^`{}/:;=@[\\]|"};
/// A value inside a path segment or query: everything but RFC 3986's unreserved characters.
inline constexpr byte_set component{" \"#<>?^`{}/:;=@[\\]|!$&'()*+,%"};
}  // namespace encode_set

/// Appends `text` to `out` with the bytes of `set` as %XX.
void append_percent_encoded(std::string& out, std::string_view text, const byte_set& set);

/// `text` as one component: fit for a path segment or a query value, whatever it holds.
std::string percent_encode(std::string_view text, const byte_set& set = encode_set::component);

/// Turns %XX into bytes. A '%' that two hex digits do not follow stays as it is. '+' stays '+'.
std::string percent_decode(std::string_view text);

using query_pairs = std::vector<std::pair<std::string, std::string>>;

/// application/x-www-form-urlencoded (WHATWG URL, 5): space becomes '+'. Fit for a form body and for a query.
std::string form_encode(const query_pairs& pairs);

/// The pairs of a form body or a query, decoded, in order. A piece without '=' has an empty value; empty pieces are
/// left out.
query_pairs form_decode(std::string_view text);

}  // namespace braid
