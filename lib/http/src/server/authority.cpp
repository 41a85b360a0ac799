#include "server/authority.hpp"

namespace braid::http {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_hex(char c) { return is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f'); }

bool is_name_byte(char c) {
  if (is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z')) return true;
  return std::string_view("-._~%!$&'()*+;=").find(c) != std::string_view::npos;
}

}  // namespace

bool is_authority(std::string_view text) {
  if (text.empty() || text.size() > 255 + 6) return false;
  std::size_t at = 0;
  if (text[0] == '[') {
    for (at = 1; at < text.size() && text[at] != ']'; ++at) {
      if (!is_hex(text[at]) && text[at] != ':' && text[at] != '.') return false;
    }
    if (at == text.size() || at == 1) return false;
    ++at;
  } else {
    while (at < text.size() && text[at] != ':') {
      if (!is_name_byte(text[at])) return false;
      ++at;
    }
    if (at == 0) return false;
  }
  if (at == text.size()) return true;
  if (text[at] != ':') return false;
  unsigned long port = 0;
  for (++at; at < text.size(); ++at) {
    if (!is_digit(text[at])) return false;
    port = port * 10 + static_cast<unsigned long>(text[at] - '0');
    if (port > 65535) return false;
  }
  return true;
}

}  // namespace braid::http
