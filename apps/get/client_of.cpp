#include <braid/core/error.hpp>
#include <braid/http/disk_cache.hpp>
#include <braid/net/connector.hpp>
#include <braid/runtime/awaitable.hpp>

#include "get_error.hpp"
#include "session.hpp"

namespace braid::get {

namespace {

/// --connect-to HOST:PORT:HOST2:PORT2; what is empty stands for any, or stays.
struct connect_rule {
  std::string host, port, new_host, new_port;

  bool fits(const std::string& to, std::uint16_t at) const {
    return (host.empty() || http::equal_ignoring_case(host, to)) && (port.empty() || port == std::to_string(at));
  }
};

std::string take_part(std::string_view& rest) {
  const bool v6 = rest.starts_with('[');
  const std::size_t end = std::min(rest.find(':', v6 ? std::min(rest.find(']'), rest.size()) : 0), rest.size());
  std::string out(rest.substr(0, end));
  rest.remove_prefix(std::min(end + 1, rest.size()));
  if (v6 && out.ends_with(']')) out = out.substr(1, out.size() - 2);
  return out;
}

connect_rule rule_of(std::string_view text) {
  connect_rule out;
  out.host = take_part(text);
  out.port = take_part(text);
  out.new_host = take_part(text);
  out.new_port = take_part(text);
  if (out.new_port.find_first_not_of("0123456789") != std::string::npos) {
    throw get_error(bad_resolve, "'" + out.new_port + "' is not a port in --connect-to");
  }
  return out;
}

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
  for (const std::string& one : o.connect_to) key += "\nc" + one;
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
  for (const std::string& line : options.through.fields) {
    const std::size_t colon = line.find(':');
    if (colon != line.npos && line.find_first_not_of(" \t", colon + 1) != line.npos) out.push_back(line);
  }
  return out;
}

using connecting = awaitable<std::unique_ptr<net::transport>>;

/// Notes who answered, and looks at --connect-to first.
connecting connect_noting(session& in, std::vector<connect_rule> rules, std::string host, std::uint16_t port,
                          net::connect_options how) {
  const std::string key = host + ":" + std::to_string(port);
  for (const connect_rule& rule : rules) {
    if (!rule.fits(host, port)) continue;
    if (how.tls && how.tls_name.empty()) how.tls_name = host;
    if (!rule.new_host.empty()) host = rule.new_host;
    if (!rule.new_port.empty()) port = static_cast<std::uint16_t>(std::atoi(rule.new_port.c_str()));
    break;
  }
  if (how.overrides.empty() && is_local_name(host)) host = "localhost";
  connecting made = net::connect(std::move(host), port, std::move(how));
  std::unique_ptr<net::transport> stream = co_await std::move(made);
  in.note_ends(key, {stream->peer_description(), stream->local_description()});
  co_return stream;
}

}  // namespace

net::proxy_settings proxies_of(const url_options& options) {
  if (options.proxy == "none") return {};
  try {
    if (options.proxy.empty()) return net::proxy_settings::from_environment();
    net::proxy one = net::proxy::parse(options.proxy);
    options.through.apply_to(one);
    if (!options.proxy_user.empty()) {
      const std::size_t colon = options.proxy_user.find(':');
      one.credentials(options.proxy_user.substr(0, colon),
                      colon == std::string::npos ? std::string() : options.proxy_user.substr(colon + 1));
    }
    net::proxy_settings out(std::move(one));
    if (options.no_proxy) out.except(*options.no_proxy);
    return out;
  } catch (const invalid_argument& e) {
    throw get_error(proxy_resolve_failed, e.what());
  }
}

http::client session::client_of(const url_options& options) {
  const std::string key = key_of(options);
  const std::lock_guard lock(mutex_);
  const auto known = clients_.find(key);
  if (known != clients_.end()) return known->second;
  return clients_.emplace(key, make_client(options)).first->second;
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

http::client session::make_client(const url_options& options) {
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
  out.proxy_tunnel = options.through.tunnel;
  out.resolve = overrides_of(options);
  out.proxy = proxies_of(options);
  std::vector<connect_rule> rules;
  for (const std::string& text : options.connect_to) rules.push_back(rule_of(text));
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
