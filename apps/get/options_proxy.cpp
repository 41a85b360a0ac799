#include "options_proxy.hpp"

#include <array>
#include <fstream>

#include <braid/core/error.hpp>

#include "get_error.hpp"
#include "option_table.hpp"

namespace braid::get {

namespace {

using text = const std::string&;

proxy_choices& choices(command_line& to) { return to.group().through; }

/// --socks5 HOST and its like: a proxy of that kind, whatever --proxy said.
void use(command_line& to, const char* scheme, text host) {
  const std::size_t mark = host.find("://");
  to.group().proxy = std::string(scheme) + "://" + (mark == host.npos ? host : host.substr(mark + 3));
}

/// A header line, or a file of them.
void add_field(command_line& to, text value) {
  std::vector<std::string>& fields = choices(to).fields;
  if (!value.starts_with('@')) {
    fields.push_back(value);
    return;
  }
  std::ifstream file(value.substr(1));
  if (!file) throw get_error(read_failed, "Failed to open " + value.substr(1));
  for (std::string line; std::getline(file, line);) {
    while (line.ends_with('\r')) line.pop_back();
    if (line.find(':') != line.npos) fields.push_back(line);
  }
}

constexpr std::array proxies{
    option{'p', "proxytunnel", "", "a tunnel (CONNECT) through an HTTP proxy for http too",
           [](command_line& to, text v) { choices(to).tunnel = !v.empty(); }},
    option{0, "proxy-basic", "", "sign in at the proxy with Basic",
           [](command_line& to, text v) { choices(to).basic = !v.empty(); }},
    option{0, "proxy-digest", "", "with Digest", [](command_line& to, text v) { choices(to).digest = !v.empty(); }},
    option{0, "proxy-anyauth", "", "with the best that it offers",
           [](command_line& to, text v) { choices(to).any_auth = !v.empty(); }},
    option{0, "proxy-header", "LINE|@FILE", "a header for the proxy alone", add_field},
    option{0, "preproxy", "[SCHEME://]HOST:PORT", "reach the proxy through this one, of SOCKS",
           [](command_line& to, text v) { choices(to).first = v; }},
    option{0, "socks4", "HOST[:PORT]", "a SOCKS 4 proxy", [](command_line& to, text v) { use(to, "socks4", v); }},
    option{0, "socks4a", "HOST[:PORT]", "a SOCKS 4a proxy, which resolves names",
           [](command_line& to, text v) { use(to, "socks4a", v); }},
    option{0, "socks5", "HOST[:PORT]", "a SOCKS 5 proxy", [](command_line& to, text v) { use(to, "socks5", v); }},
    option{0, "socks5-hostname", "HOST[:PORT]", "a SOCKS 5 proxy, which resolves names",
           [](command_line& to, text v) { use(to, "socks5h", v); }},
    option{0, "proxy1.0", "HOST[:PORT]", "an HTTP proxy that is asked by HTTP/1.0",
           [](command_line& to, text v) {
             to.group().proxy = v;
             choices(to).http_1_0 = true;
           }},
    option{0, "suppress-connect-headers", "", "leave what the proxy answers to CONNECT out of -i and -D",
           [](command_line& to, text v) { choices(to).hide_head = !v.empty(); }},
    option{0, "socks5-basic", "", "", [](command_line&, text) {}},
    option{0, "proxy-insecure", "", "do not verify an https proxy's certificate",
           [](command_line& to, text v) { choices(to).insecure = !v.empty(); }},
    option{0, "proxy-cacert", "FILE", "trust these authorities there",
           [](command_line& to, text v) { choices(to).ca_file = v; }},
    option{0, "proxy-capath", "FOLDER", "those of a folder", [](command_line& to, text v) { choices(to).ca_path = v; }},
};

}  // namespace

std::span<const option> proxy_options() { return proxies; }

std::string proxy_choices::key() const {
  std::string out = "\n" + first + "\n" + ca_file + "\n" + ca_path + "\n" + (tunnel ? "p" : "") + (basic ? "b" : "") +
                    (digest ? "d" : "") + (any_auth ? "a" : "") + (insecure ? "k" : "") + (http_1_0 ? "0" : "");
  for (const std::string& one : fields) out += "\nh" + one;
  return out;
}

void proxy_choices::apply_to(net::proxy& to) const {
  to.http_1_0(http_1_0);
  if (any_auth || (basic && digest)) {
    to.scheme(net::proxy_scheme::any);
  } else if (digest) {
    to.scheme(net::proxy_scheme::digest);
  }
  if (to.kind() == net::proxy_kind::https) {
    net::tls_options how;
    if (insecure) how.verify(false);
    if (!ca_file.empty()) how.ca_file(ca_file);
    if (!ca_path.empty()) how.ca_path(ca_path);
    to.tls(std::move(how));
  }
  if (first.empty()) return;
  net::proxy before = net::proxy::parse(first.find("://") == first.npos ? "socks4://" + first : first);
  if (before.is_http()) throw get_error(proxy_resolve_failed, "Unsupported --preproxy '" + before.str() + "'");
  to.behind(std::move(before));
}

}  // namespace braid::get
