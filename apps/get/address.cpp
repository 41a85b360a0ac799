#include "address.hpp"

#include <algorithm>
#include <charconv>

#include <braid/core/error.hpp>
#include <braid/core/percent.hpp>
#include <braid/core/url.hpp>

#include "get_error.hpp"

namespace braid::get {

namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? char(c | 0x20) : c; });
  return out;
}

bool is_scheme(std::string_view text) {
  const auto good = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' || c == '-' ||
           c == '.';
  };
  return !text.empty() && ((text[0] | 0x20) >= 'a' && (text[0] | 0x20) <= 'z') &&
         std::all_of(text.begin(), text.end(), good);
}

/// "http://" before the rest; empty for text that has none. Takes it off.
std::string take_scheme(std::string_view& text) {
  const std::size_t colon = text.find(':');
  if (colon == text.npos || !is_scheme(text.substr(0, colon))) return {};
  const std::string_view rest = text.substr(colon + 1);
  if (!rest.starts_with('/')) return {};
  std::size_t slashes = 0;
  while (slashes < rest.size() && (rest[slashes] == '/' || rest[slashes] == '\\')) ++slashes;
  if (slashes > 3) throw get_error(bad_url, "URL rejected: Unsupported number of slashes");
  std::string scheme = lower(text.substr(0, colon));
  text = rest.substr(slashes);
  return scheme;
}

void check_scheme(const std::string& scheme) {
  if (scheme == "http" || scheme == "https") return;
  throw get_error(unsupported_scheme, "Protocol \"" + scheme + "\" not supported");
}

std::uint16_t port_of(std::string_view text) {
  unsigned number = 0;
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number);
  if (read.ec != std::errc() || read.ptr != end || number > 65535) {
    throw get_error(bad_url, "URL rejected: Port number was not a decimal number between 0 and 65535");
  }
  return static_cast<std::uint16_t>(number);
}

/// The host as it is connected to: numbers as IPv4 addresses, other letters than ASCII by IDNA.
std::string host_of(std::string_view text) {
  if (text.size() > 65535) throw get_error(bad_url, "URL rejected: Bad hostname");
  if (text.empty()) throw get_error(bad_url, "URL rejected: No host part in the URL");
  constexpr std::string_view refused = " \r\n\t/:#?!@{}[]\\$'\"^`*<>=;,+&()|";
  const bool v6 = text.front() == '[';
  if (v6 && text.back() != ']') throw get_error(bad_url, "URL rejected: Bad IPv6 address");
  const std::string decoded = percent_decode(text);
  if (!v6 && decoded.find_first_of(refused) != decoded.npos) throw get_error(bad_url, "URL rejected: Bad hostname");
  // The zone of a link-local address is for connecting alone.
  const std::size_t zone = v6 ? text.find('%') : text.npos;
  const std::string plain = zone == text.npos ? std::string(text) : std::string(text.substr(0, zone)) + "]";
  const auto known = url::try_parse("http://" + plain + "/", numeric_hosts::names);
  if (known) {
    const bool as_written = lower(text) == known->host();
    return as_written ? std::string(text) : std::string(known->host());
  }
  if (v6) throw get_error(bad_url, "URL rejected: Bad IPv6 address");
  return decoded;
}

void take_user(address& to, std::string_view& authority) {
  const std::size_t at = authority.find('@');
  if (at == authority.npos) return;
  const std::string_view user = authority.substr(0, at);
  const std::size_t colon = user.find(':');
  to.user = percent_decode(user.substr(0, colon));
  to.password = colon == user.npos ? std::string() : percent_decode(user.substr(colon + 1));
  to.has_user = !user.empty();
  authority.remove_prefix(at + 1);
}

void take_port(address& to, std::string_view& authority) {
  const std::size_t bracket = authority.starts_with('[') ? authority.find(']') : 0;
  if (bracket == authority.npos) throw get_error(bad_url, "URL rejected: Bad IPv6 address");
  const std::size_t colon = authority.find(':', bracket);
  to.port = to.is_secure() ? 443 : 80;
  if (colon == authority.npos) return;
  if (colon + 1 < authority.size()) {
    to.port = port_of(authority.substr(colon + 1));
    to.has_port = true;
  }
  authority = authority.substr(0, colon);
}

void take_path(address& to, std::string_view text, bool as_is) {
  const std::size_t hash = text.find('#');
  if (hash != text.npos) to.fragment = text.substr(hash + 1);
  text = text.substr(0, hash);
  const std::size_t mark = text.find('?');
  to.query = mark == text.npos ? std::string_view{} : text.substr(mark);
  to.path = text.substr(0, mark);
  if (!to.path.starts_with('/')) to.path.insert(0, 1, '/');
  if (!as_is) to.path = without_dot_segments(to.path);
}

/// Spaces and bytes over 127 in a Location, encoded; a space of a query becomes '+'.
std::string escaped(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  bool in_query = false;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    in_query = in_query || c == '?';
    if (c == ' ') {
      out += in_query ? "+" : "%20";
    } else if (byte < 0x20 || byte >= 0x7F) {
      out += '%';
      out += digits[byte >> 4];
      out += digits[byte & 15];
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace

std::string without_dot_segments(std::string_view path) {
  std::string out;
  while (!path.empty()) {
    const std::size_t next = std::min(path.find('/', 1), path.size());
    const std::string_view segment = path.substr(0, next);
    const std::string name = lower(segment);
    path.remove_prefix(next);
    const bool one = name == "/." || name == "/%2e";
    const bool two = name == "/.." || name == "/%2e." || name == "/.%2e" || name == "/%2e%2e";
    if (two) out.erase(std::min(out.rfind('/'), out.size()));
    if (one || two) {
      if (path.empty()) out += '/';
    } else {
      out += segment;
    }
  }
  return out;
}

address address::parse(std::string_view text, bool as_is, std::string_view default_scheme) {
  address out = split(text, as_is, default_scheme);
  check_scheme(out.scheme);
  return out;
}

address address::split(std::string_view text, bool as_is, std::string_view default_scheme) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte <= ' ' || byte == 0x7F) throw get_error(bad_url, "URL rejected: Malformed input to a URL function");
  }
  address out;
  const std::string named = take_scheme(text);
  const std::size_t end = std::min(text.find_first_of("/?#\\"), text.size());
  std::string_view authority = text.substr(0, end);
  if (!named.empty()) {
    out.scheme = named;
  } else if (!default_scheme.empty()) {
    out.scheme = lower(default_scheme);
  } else {
    for (const std::string_view other : {"ftp.", "dict.", "ldap.", "imap.", "smtp.", "pop3."}) {
      if (lower(authority).starts_with(other)) out.scheme = other.substr(0, other.size() - 1);
    }
  }
  take_user(out, authority);
  take_port(out, authority);
  out.host = host_of(authority);
  const bool letters = std::any_of(authority.begin(), authority.end(), [](char c) { return (c & 0x80) != 0; });
  if (letters) out.spelled = authority;
  take_path(out, text.substr(end), as_is);
  return out;
}

address address::resolve(std::string_view location, bool as_is) const {
  const std::string text = escaped(location);
  std::string_view rest = text;
  std::string_view probe = text;
  const std::size_t colon = probe.find(':');
  const bool absolute = colon != probe.npos && is_scheme(probe.substr(0, colon)) && probe.find_first_of("/?#") > colon;
  if (absolute) return parse(rest, as_is);
  if (rest.starts_with("//")) return parse(scheme + ":" + text, as_is);
  address out = *this;
  out.has_user = false;
  out.user.clear();
  out.password.clear();
  out.fragment.clear();
  if (rest.starts_with('/')) {
    take_path(out, rest, as_is);
  } else if (rest.starts_with('?')) {
    take_path(out, path + text, as_is);
  } else if (rest.starts_with('#')) {
    out.fragment = rest.substr(1);
  } else {
    take_path(out, path.substr(0, path.rfind('/') + 1) + text, as_is);
  }
  return out;
}

std::string address::authority() const {
  const bool usual = port == (is_secure() ? 443 : 80);
  return usual ? host : host + ":" + std::to_string(port);
}

std::string address::shown() const {
  address plain = *this;
  if (!spelled.empty()) plain.host = spelled;
  return plain.str();
}

std::string address::origin() const { return scheme + "://" + lower(host) + ":" + std::to_string(port); }

}  // namespace braid::get
