#include "clean_url.hpp"

#include <array>
#include <braid/core/percent.hpp>

namespace braid {

namespace {

enum : unsigned char { in_host = 1, in_path = 2, in_query = 4, digit = 8 };

constexpr auto kinds = [] {
  std::array<unsigned char, 256> out{};
  for (int i = 0x21; i < 0x7F; ++i) {
    const char c = static_cast<char>(i);
    unsigned char kind = 0;
    const bool is_digit = c >= '0' && c <= '9';
    if ((c >= 'a' && c <= 'z') || is_digit || c == '-') kind |= in_host;
    // '%' may be an escaped dot, the backslash becomes a slash.
    if (!encode_set::path.has(c) && c != '\\' && c != '%') kind |= in_path;
    if (!encode_set::query.has(c)) kind |= in_query;
    if (is_digit) kind |= digit;
    out[static_cast<std::size_t>(i)] = kind;
  }
  return out;
}();

bool is(char c, unsigned char kind) { return (kinds[static_cast<unsigned char>(c)] & kind) != 0; }

/// The end of a host that needs no rewriting; npos for another.
std::size_t host_end(std::string_view text, std::size_t begin) {
  std::size_t at = begin;
  unsigned labels = 0, numeric = 0;
  bool last_numeric = false;
  for (;;) {
    const std::size_t label = at;
    bool digits = true;
    unsigned value = 0;
    for (; at < text.size() && is(text[at], in_host); ++at) {
      digits = digits && is(text[at], digit);
      if (digits && value < 1000) value = value * 10 + static_cast<unsigned>(text[at] - '0');
      // Where "xn--" may begin.
      if (text[at] == '-' && (at == label || (at + 1 < text.size() && text[at + 1] == '-'))) return text.npos;
    }
    if (at == label || text[at - 1] == '-' || at - label > 63) return text.npos;
    ++labels;
    last_numeric = is(text[label], digit);
    const bool octet = digits && value < 256 && (text[label] != '0' || at == label + 1);
    if (octet) ++numeric;
    if (at == text.size() || text[at] != '.') break;
    ++at;
  }
  if (at - begin > 253) return text.npos;
  // A last label that begins with a digit may be a number in one of many forms, the whole then an IPv4 address.
  const bool address = labels == 4 && numeric == 4;
  return last_numeric && !address ? text.npos : at;
}

}  // namespace

bool clean_url_parser::parse(std::string_view text, url& out) {
  constexpr std::size_t max_length = 1 << 20;
  if (text.size() > max_length || !text.starts_with("http")) return false;
  const std::size_t scheme = text.starts_with("https") ? 5 : 4;
  if (text.substr(scheme, 3) != "://") return false;
  const std::size_t host = scheme + 3;
  const std::size_t end_of_host = host_end(text, host);
  if (end_of_host == text.npos) return false;

  const unsigned own = scheme == 5 ? 443 : 80;
  unsigned port = own;
  std::size_t path = end_of_host;
  if (path < text.size() && text[path] == ':') {
    port = 0;
    const std::size_t first = ++path;
    for (; path < text.size() && is(text[path], digit) && path - first < 6; ++path) {
      port = port * 10 + static_cast<unsigned>(text[path] - '0');
    }
    if (path == first || text[first] == '0' || port > 65535 || port == own) return false;
  }
  if (path >= text.size() || text[path] != '/') return false;

  std::size_t end_of_path = path + 1;
  for (; end_of_path < text.size() && is(text[end_of_path], in_path); ++end_of_path) {
    if (text[end_of_path] == '.' && text[end_of_path - 1] == '/') return false;
  }
  std::size_t end = end_of_path;
  if (end < text.size()) {
    if (text[end] != '?' || ++end == text.size()) return false;
    while (end < text.size() && is(text[end], in_query)) ++end;
    if (end < text.size()) return false;
  }

  const auto place = [](std::size_t at) { return static_cast<std::uint32_t>(at); };
  out.text_.assign(text);
  out.scheme_end_ = place(scheme);
  out.user_end_ = out.host_begin_ = place(host);
  out.host_end_ = place(end_of_host);
  out.path_begin_ = place(path);
  out.path_end_ = place(end_of_path);
  out.query_end_ = place(end);
  out.port_ = static_cast<std::uint16_t>(port);
  return true;
}

}  // namespace braid
