#include "options_tls.hpp"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <netdb.h>
#include <netinet/in.h>

#include <array>
#include <memory>

#include <braid/core/error.hpp>
#include <braid/net/endpoint.hpp>

#include "get_error.hpp"
#include "option_table.hpp"
#include "pins.hpp"

namespace braid::get {

namespace {

using text = const std::string&;
using net::tls_version;

tls_choices& choices(command_line& to) { return to.group().tls; }

template <tls_version which>
void at_least(command_line& to, text) {
  choices(to).lowest = which;
}

void at_most(command_line& to, text value) {
  std::optional<tls_version>& highest = choices(to).highest;
  if (value == "default") return highest.reset();
  if (value == "1.0") return static_cast<void>(highest = tls_version::tls_1_0);
  if (value == "1.1") return static_cast<void>(highest = tls_version::tls_1_1);
  if (value == "1.2") return static_cast<void>(highest = tls_version::tls_1_2);
  if (value == "1.3") return static_cast<void>(highest = tls_version::tls_1_3);
  throw bad_use("'" + value + "' is no version of TLS: default, 1.0, 1.1, 1.2, 1.3");
}

void only_pem(command_line&, text value) {
  if (value != "PEM" && value != "pem") throw get_error(bad_own_certificate, "files of '" + value + "' are not read");
}

constexpr std::array tls{
    option{0, "capath", "FOLDER", "trust the authorities in a folder, as openssl rehash makes it",
           [](command_line& to, text v) { choices(to).ca_path = v; }},
    option{0, "crlfile", "FILE", "refuse the certificates on this list",
           [](command_line& to, text v) { choices(to).revocations = v; }},
    option{'E', "cert", "FILE[:PASSWORD]", "an own certificate, and its key unless --key has it",
           [](command_line& to, text v) { split_certificate(v, choices(to).certificate, choices(to).password); }},
    option{0, "cert-type", "PEM", "", only_pem},
    option{0, "key", "FILE", "the certificate's key", [](command_line& to, text v) { choices(to).key = v; }},
    option{0, "key-type", "PEM", "", only_pem},
    option{0, "pass", "PASSWORD", "of the key", [](command_line& to, text v) { choices(to).password = v; }},
    option{0, "pinnedpubkey", "HASHES|FILE",
           "the keys of which the server must have one: sha256//..., or a file of one",
           [](command_line& to, text v) { choices(to).pins = v; }},
    option{'1', "tlsv1", "", "", at_least<tls_version::tls_1_0>},
    option{0, "tlsv1.0", "", "TLS 1.0 or newer", at_least<tls_version::tls_1_0>},
    option{0, "tlsv1.1", "", "TLS 1.1 or newer", at_least<tls_version::tls_1_1>},
    option{0, "tlsv1.2", "", "TLS 1.2 or newer, which is the default", at_least<tls_version::tls_1_2>},
    option{0, "tlsv1.3", "", "TLS 1.3", at_least<tls_version::tls_1_3>},
    option{0, "tls-max", "VERSION", "nothing newer: 1.0, 1.1, 1.2, 1.3", at_most},
    option{0, "ciphers", "LIST", "of TLS 1.2 and older", [](command_line& to, text v) { choices(to).ciphers = v; }},
    option{0, "tls13-ciphers", "LIST", "of TLS 1.3", [](command_line& to, text v) { choices(to).ciphers_1_3 = v; }},
    option{0, "interface", "NAME|ADDRESS", "connect from this interface or address of this machine",
           [](command_line& to, text v) { choices(to).interface = v; }},
};

std::string shown(const sockaddr* address) {
  std::array<char, INET6_ADDRSTRLEN> out{};
  if (address == nullptr) return {};
  const void* bytes = nullptr;
  if (address->sa_family == AF_INET) bytes = &reinterpret_cast<const sockaddr_in*>(address)->sin_addr;
  if (address->sa_family == AF_INET6) bytes = &reinterpret_cast<const sockaddr_in6*>(address)->sin6_addr;
  if (bytes == nullptr || inet_ntop(address->sa_family, bytes, out.data(), out.size()) == nullptr) return {};
  return out.data();
}

/// The first address of an interface, of IPv4 where it has one.
std::string address_of_interface(const std::string& name) {
  ifaddrs* list = nullptr;
  if (getifaddrs(&list) != 0) return {};
  const std::unique_ptr<ifaddrs, void (*)(ifaddrs*)> all(list, freeifaddrs);
  std::string out;
  for (const ifaddrs* one = list; one != nullptr; one = one->ifa_next) {
    if (name != one->ifa_name || one->ifa_addr == nullptr) continue;
    if (one->ifa_addr->sa_family == AF_INET) return shown(one->ifa_addr);
    if (out.empty() && one->ifa_addr->sa_family == AF_INET6) out = shown(one->ifa_addr);
  }
  return out;
}

std::string address_of_host(const std::string& name) {
  addrinfo* list = nullptr;
  if (getaddrinfo(name.c_str(), nullptr, nullptr, &list) != 0) return {};
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> all(list, freeaddrinfo);
  return shown(list->ai_addr);
}

}  // namespace

std::span<const option> security_options() { return tls; }

void split_certificate(const std::string& text, std::string& file, std::string& password) {
  file.clear();
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char next = i + 1 < text.size() ? text[i + 1] : '\0';
    if (text[i] == '\\' && (next == ':' || next == '\\')) {
      file += next;
      ++i;
    } else if (text[i] == ':') {
      password = text.substr(i + 1);
      return;
    } else {
      file += text[i];
    }
  }
}

std::string own_address(const std::string& text) {
  if (text.starts_with("if!")) return address_of_interface(text.substr(3));
  if (text.starts_with("host!")) return address_of_host(text.substr(5));
  if (net::endpoint::parse(text, 0)) return text;
  const std::string found = address_of_interface(text);
  return found.empty() ? address_of_host(text) : found;
}

std::string tls_choices::text() const {
  std::string out;
  for (const std::string* one :
       {&ca_path, &certificate, &key, &password, &pins, &revocations, &ciphers, &ciphers_1_3, &interface}) {
    out += "\n" + *one;
  }
  const auto digit = [](const std::optional<tls_version>& which) {
    return which ? std::to_string(static_cast<int>(*which)) : std::string("-");
  };
  return out + "\n" + digit(lowest) + digit(highest);
}

void tls_choices::apply_to(net::tls_options& to) const {
  if (!ca_path.empty()) to.ca_path(ca_path);
  if (!revocations.empty()) to.revocation_list(revocations);
  if (!certificate.empty()) to.certificate(certificate, key.empty() ? certificate : key, password);
  try {
    if (!pins.empty()) to.pinned_keys(pins_of(pins));
  } catch (const invalid_argument& e) {
    throw get_error(bad_pin, e.what());
  }
  if (!ciphers.empty()) to.ciphers(ciphers);
  if (!ciphers_1_3.empty()) to.ciphers_1_3(ciphers_1_3);
  if (lowest) to.min_version(*lowest);
  if (highest) {
    to.max_version(*highest);
    if (!lowest && *highest < tls_version::tls_1_2) to.min_version(*highest);
  }
}

}  // namespace braid::get
