#include <braid/core/error.hpp>
#include <braid/http/disk_cache.hpp>
#include <braid/net/connector.hpp>
#include <braid/runtime/awaitable.hpp>

#include "connect_to.hpp"
#include "get_error.hpp"
#include "session.hpp"

namespace braid::get {

namespace {

std::vector<net::resolve_override> overrides_of(const url_options& options) {
  std::vector<net::resolve_override> out;
  for (const std::string& text : options.resolve) {
    if (text.starts_with('-')) continue;
    const std::string plain = text.starts_with('+') ? text.substr(1) : text;
    try {
      out.push_back(net::resolve_override::parse(plain));
    } catch (const invalid_argument&) {
      throw get_error(bad_resolve, "Couldn't parse CURLOPT_RESOLVE entry '" + text + "'");
    }
  }
  return out;
}

std::string key_of(const url_options& o) {
  std::string key = o.proxy + "\n" + o.proxy_user + "\n" + o.no_proxy.value_or("") + "\n" + o.unix_socket + "\n" +
                    o.through.key() + o.tls.text() + "\n" + o.ca_file + "\n" +
                    std::to_string(static_cast<int>(o.http_version)) + (o.insecure ? "k" : "") +
                    (o.ssrf_guard ? "g" : "") + (o.compressed ? "c" : "") + (o.only_ipv4 ? "4" : "") +
                    (o.only_ipv6 ? "6" : "");
  for (const std::string& one : o.resolve) key += "\nr" + one;
  key += "\nf" + o.cache_folder;
  if (o.connect_timeout) key += "\n" + std::to_string(o.connect_timeout->count());
  return key;
}

/// "x.localhost", which is this machine whatever a resolver says (RFC 6761, 6.3).
bool is_local_name(const std::string& host) {
  constexpr std::string_view ending = ".localhost";
  return host.size() > ending.size() &&
         http::equal_ignoring_case(std::string_view(host).substr(host.size() - ending.size()), ending);
}

/// --interface. Throws: get_error (45).
std::optional<net::endpoint> local_of(const url_options& options) {
  const std::string& text = options.tls.interface;
  if (text.empty()) return std::nullopt;
  const std::string address = own_address(text);
  if (address.empty()) throw get_error(bad_interface, "Couldn't bind to '" + text + "'");
  return net::endpoint::parse(address, 0);
}

/// What a CONNECT says beside its line, Host and credentials.
std::vector<std::string> proxy_fields(const url_options& options) {
  std::vector<std::string> out;
  const std::string agent = options.user_agent.value_or("braid-get/" BRAID_VERSION);
  const auto names = [](std::string_view line, std::string_view name) {
    return http::equal_ignoring_case(line.substr(0, line.find(':')), name);
  };
  bool own_agent = agent.empty();
  for (const std::string& line : options.through.fields) own_agent = own_agent || names(line, "User-Agent");
  if (!own_agent) out.push_back("User-Agent: " + agent);
  const bool own_keeping = std::any_of(options.through.fields.begin(), options.through.fields.end(),
                                       [&](const std::string& line) { return names(line, "Proxy-Connection"); });
  if (!own_keeping) out.push_back("Proxy-Connection: Keep-Alive");
  for (const std::string& line : options.through.fields) {
    const std::size_t colon = line.find(':');
    if (colon != line.npos && line.find_first_not_of(" \t", colon + 1) != line.npos) out.push_back(line);
  }
  return out;
}

/// They hold for --proxy too.
std::string exceptions_of_environment() {
  for (const char* const name : {"no_proxy", "NO_PROXY"}) {
    if (const char* const hosts = std::getenv(name)) return hosts;
  }
  return {};
}

using connecting = awaitable<std::unique_ptr<net::transport>>;

/// Notes who answered, and looks at --connect-to first.
connecting connect_noting(session& in, std::vector<connect_rule> rules, std::string host, std::uint16_t port,
                          net::connect_options how) {
  const std::string key = host + ":" + std::to_string(port);
  const std::string asked = host;
  if (redirect_connection(rules, host, port) && how.tls && how.tls_name.empty()) how.tls_name = asked;
  if (how.overrides.empty() && is_local_name(host)) host = "localhost";
  connecting made = net::connect(std::move(host), port, std::move(how));
  std::unique_ptr<net::transport> stream = co_await std::move(made);
  in.note_ends(key, {stream->peer_description(), stream->local_description(), stream->peer_certificates()});
  co_return stream;
}

}  // namespace

net::proxy_settings proxies_of(const url_options& options) {
  if (options.proxy == "none") return {};
  try {
    if (options.proxy.empty()) {
      net::proxy_settings out = net::proxy_settings::from_environment();
      if (options.no_proxy) out.except(*options.no_proxy);
      return out;
    }
    net::proxy one = net::proxy::parse(options.proxy);
    options.through.apply_to(one);
    if (!options.proxy_user.empty()) {
      const std::size_t colon = options.proxy_user.find(':');
      one.credentials(options.proxy_user.substr(0, colon),
                      colon == std::string::npos ? std::string() : options.proxy_user.substr(colon + 1));
    }
    net::proxy_settings out(std::move(one));
    out.except(options.no_proxy ? *options.no_proxy : exceptions_of_environment());
    return out;
  } catch (const invalid_argument& e) {
    const std::size_t mark = options.proxy.find("://");
    if (mark != std::string::npos && !url::try_parse(options.proxy.substr(0, mark) + "://host/")) {
      throw get_error(connect_failed, "Unsupported proxy scheme for '" + options.proxy + "'");
    }
    const bool long_one = std::string_view(e.what()).starts_with("proxy socks");
    throw get_error(long_one ? proxy_failed : proxy_resolve_failed, e.what());
  }
}

http::client session::client_of(const url_options& options, bool elsewhere) {
  std::string key = key_of(options);
  if (elsewhere) {
    for (const std::string& one : options.connect_to) key += "\nc" + one;
  }
  const std::lock_guard lock(mutex_);
  const auto known = clients_.find(key);
  if (known != clients_.end()) return known->second;
  return clients_.emplace(key, make_client(options, elsewhere)).first->second;
}

/// One for each folder, which several groups may name.
std::shared_ptr<http::response_cache> session::cache_of(const std::string& folder) {
  const auto known = caches_.find(folder);
  if (known != caches_.end()) return known->second;
  try {
    return caches_.emplace(folder, std::make_shared<http::disk_cache>(folder)).first->second;
  } catch (const io_error& e) {
    throw get_error(write_failed, e.what());
  }
}

http::client session::make_client(const url_options& options, bool elsewhere) {
  http::client_options out;
  // curl waits for ever, but to connect.
  out.timeouts.connect = options.connect_timeout.value_or(std::chrono::seconds(300));
  out.timeouts.first_byte.reset();
  out.timeouts.idle.reset();
  out.timeouts.total.reset();
  out.limits.header_bytes = 300 * 1024;
  out.limits.header_count = 5000;
  out.limits.decoded_ratio = UINT64_MAX;
  out.follow_redirects = false;
  out.decompress = options.compressed;
  out.user_agent.clear();
  out.unix_socket = options.unix_socket;
  out.hsts = hsts_;
  out.http_version = options.http_version;
  if (options.only_ipv4) out.address_family = net::address_family::ipv4;
  if (options.only_ipv6) out.address_family = net::address_family::ipv6;
  if (options.insecure) out.tls.verify(false);
  if (!options.ca_file.empty()) out.tls.ca_file(options.ca_file);
  options.tls.apply_to(out.tls);
  out.local_address = local_of(options);
  out.proxy_tunnel = options.through.tunnel || elsewhere;
  out.resolve = overrides_of(options);
  out.proxy = proxies_of(options);
  std::vector<connect_rule> rules;
  if (elsewhere) rules = connect_rules(options.connect_to);
  if (!options.cache_folder.empty()) out.cache = cache_of(options.cache_folder);
  if (options.ssrf_guard) out.addresses = net::address_policy::public_only();
  out.connector = [&in = *this, rules, fields = proxy_fields(options)](std::string host, std::uint16_t port,
                                                                       net::connect_options how) {
    how.proxy_fields = fields;
    return connect_noting(in, rules, std::move(host), port, std::move(how));
  };
  return http::client(std::move(out));
}

}  // namespace braid::get
