#include "host.hpp"

#include <arpa/inet.h>
#include <idn2.h>

#include <array>
#include <braid/core/percent.hpp>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <optional>
#include <vector>

namespace braid {
namespace {

constexpr byte_set forbidden_in_domain{" #/:<>?@[\\]^|%"};

bool is_ascii(std::string_view text) {
  for (char c : text) {
    if (static_cast<unsigned char>(c) >= 0x80) return false;
  }
  return true;
}

void lower(std::string& text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  }
}

/// One number of an IPv4 address: decimal, 0x hexadecimal or 0 octal. Values past 2^32 come back as 2^32.
std::optional<std::uint64_t> ipv4_number(std::string_view text) {
  if (text.empty()) return std::nullopt;
  unsigned base = 10;
  if (text.size() >= 2 && text[0] == '0') {
    const bool hex = text[1] == 'x' || text[1] == 'X';
    base = hex ? 16 : 8;
    text.remove_prefix(hex ? 2 : 1);
  }
  std::uint64_t value = 0;
  for (char c : text) {
    unsigned digit = 99;
    if (c >= '0' && c <= '9') digit = static_cast<unsigned>(c - '0');
    if (c >= 'a' && c <= 'f') digit = static_cast<unsigned>(c - 'a' + 10);
    if (c >= 'A' && c <= 'F') digit = static_cast<unsigned>(c - 'A' + 10);
    if (digit >= base) return std::nullopt;
    value = std::min<std::uint64_t>(value * base + digit, 1ull << 32);
  }
  return value;
}

std::vector<std::string_view> dotted_parts(std::string_view text) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto dot = text.find('.');
    parts.push_back(text.substr(0, dot));
    if (dot == text.npos) break;
    text.remove_prefix(dot + 1);
  }
  if (parts.size() > 1 && parts.back().empty()) parts.pop_back();
  return parts;
}

bool ends_in_number(std::string_view host) {
  // The common case first: no part that starts with a digit is last.
  const auto last_dot = host.find_last_of('.', host.size() - 2);
  const char first = host[last_dot == host.npos ? 0 : last_dot + 1];
  if (first < '0' || first > '9') return false;
  const auto last = dotted_parts(host).back();
  return last.find_first_not_of("0123456789") == last.npos || ipv4_number(last).has_value();
}

std::string ipv4(std::string_view host) {
  const auto parts = dotted_parts(host);
  if (parts.size() > 4) return {};
  std::uint64_t address = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto number = ipv4_number(parts[i]);
    const bool is_last = i + 1 == parts.size();
    const std::uint64_t limit = is_last ? 1ull << (8 * (5 - parts.size())) : 256;
    if (!number || *number >= limit) return {};
    address += is_last ? *number : *number << (8 * (3 - i));
  }
  std::string out;
  for (int shift = 24; shift >= 0; shift -= 8) {
    out += std::to_string((address >> shift) & 255);
    if (shift) out += '.';
  }
  return out;
}

/// WHATWG's spelling differs from inet_ntop's: an embedded IPv4 address is written in hexadecimal too.
std::string ipv6(std::string_view text) {
  std::array<unsigned char, 16> bytes{};
  if (inet_pton(AF_INET6, std::string(text).c_str(), bytes.data()) != 1) return {};
  std::array<unsigned, 8> pieces{};
  for (std::size_t i = 0; i < 8; ++i) pieces[i] = bytes[2 * i] * 256u + bytes[2 * i + 1];
  std::size_t gap = 8, gap_length = 1;
  for (std::size_t i = 0; i < 8;) {
    std::size_t end = i;
    while (end < 8 && pieces[end] == 0) ++end;
    if (end - i > gap_length) gap = i, gap_length = end - i;
    i = end + 1;
  }
  std::string out = "[";
  for (std::size_t i = 0; i < 8; ++i) {
    if (i == gap) {
      out += i == 0 ? "::" : ":";
      i += gap_length - 1;
      continue;
    }
    std::array<char, 8> hex{};
    std::snprintf(hex.data(), hex.size(), "%x", pieces[i]);
    out += hex.data();
    if (i < 7) out += ':';
  }
  return out + "]";
}

/// Unicode to ASCII (UTS 46, non-transitional). Empty where that fails.
std::string idna(const std::string& name) {
  char* encoded = nullptr;
  if (idn2_to_ascii_8z(name.c_str(), &encoded, IDN2_NONTRANSITIONAL | IDN2_NFC_INPUT) != IDN2_OK) return {};
  const std::unique_ptr<char, void (*)(void*)> owner(encoded, idn2_free);
  return encoded;
}

}  // namespace

std::string canonical_host(std::string_view text, numeric_hosts numbers, const char*& why) {
  if (text.empty()) {
    why = "the host is empty";
    return {};
  }
  if (text.front() == '[') {
    std::string out = text.back() == ']' ? ipv6(text.substr(1, text.size() - 2)) : std::string();
    if (out.empty()) why = "the IPv6 address is malformed";
    return out;
  }
  std::string host = text.find('%') == text.npos ? std::string(text) : percent_decode(text);
  if (is_ascii(host)) {
    lower(host);  // Names that say "xn--" already are taken at their word, as browsers do.
  } else if (host.find('\0') != host.npos || (host = idna(host)).empty()) {
    why = "the host is no valid internationalised name";
    return {};
  }
  for (char c : host) {
    if (forbidden_in_domain.has(c)) {
      why = "the host has a character that no host may have";
      return {};
    }
  }
  if (host == "." || !ends_in_number(host)) return host;
  std::string address = ipv4(host);
  if (!address.empty()) return address;
  if (numbers == numeric_hosts::names) return host;
  why = "the host looks like an IPv4 address and is none";
  return {};
}

}  // namespace braid
