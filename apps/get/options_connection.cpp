#include <array>

#include "get_error.hpp"
#include "numbers.hpp"
#include "option_table.hpp"

namespace braid::get {

namespace {

using text = const std::string&;
using netrc_use = url_options::netrc_use;

constexpr std::array who{
    option{'u', "user", "USER:PASSWORD", "sign in; Basic unless told otherwise",
           [](command_line& to, text v) { to.group().user = v; }},
    option{0, "basic", "", "with Basic", [](command_line& to, text v) { to.group().basic = !v.empty(); }},
    option{0, "digest", "", "with Digest", [](command_line& to, text v) { to.group().digest = !v.empty(); }},
    option{0, "anyauth", "", "with the best that the server offers",
           [](command_line& to, text v) { to.group().any_auth = !v.empty(); }},
    option{0, "oauth2-bearer", "TOKEN", "with a bearer token", [](command_line& to, text v) { to.group().bearer = v; }},
    option{'n', "netrc", "", "take user and password from ~/.netrc",
           [](command_line& to, text v) { to.group().netrc = v.empty() ? netrc_use::off : netrc_use::required; }},
    option{0, "netrc-optional", "", "as -n; the URL's own come first",
           [](command_line& to, text v) { to.group().netrc = v.empty() ? netrc_use::off : netrc_use::optional; }},
    option{0, "netrc-file", "FILE", "take them from FILE",
           [](command_line& to, text v) {
             to.group().netrc_file = v;
             if (to.group().netrc == netrc_use::off) to.group().netrc = netrc_use::required;
           }},
};

constexpr std::array connections{
    option{'k', "insecure", "", "do not verify certificates",
           [](command_line& to, text v) { to.group().insecure = !v.empty(); }},
    option{0, "cacert", "FILE", "trust these authorities", [](command_line& to, text v) { to.group().ca_file = v; }},
    option{'x', "proxy", "[SCHEME://]HOST:PORT",
           "go through a proxy: http, https, socks4, socks4a, socks5, socks5h; \"\" for none",
           [](command_line& to, text v) { to.group().proxy = v.empty() ? "none" : v; }},
    option{'U', "proxy-user", "USER:PASSWORD", "sign in there",
           [](command_line& to, text v) { to.group().proxy_user = v; }},
    option{0, "noproxy", "HOSTS", "reach these without", [](command_line& to, text v) { to.group().no_proxy = v; }},
    option{0, "resolve", "HOST:PORT:ADDRESS", "an address to use for a host",
           [](command_line& to, text v) { to.group().resolve.push_back(v); }},
    option{0, "dns-servers", "ADDRESSES", "ask these servers for addresses; commas between them",
           [](command_line& to, text v) { to.global.dns_servers = v; }},
    option{0, "connect-to", "HOST:PORT:HOST2:PORT2", "connect to another host instead",
           [](command_line& to, text v) { to.group().connect_to.push_back(v); }},
    option{0, "unix-socket", "PATH", "connect to this socket",
           [](command_line& to, text v) { to.group().unix_socket = v; }},
    option{0, "ssrf-guard", "", "refuse private, loopback, link-local and metadata addresses, on every hop",
           [](command_line& to, text v) { to.group().ssrf_guard = !v.empty(); }},
    option{0, "cache", "FOLDER", "keep what may be kept there, and answer from it while it is fresh",
           [](command_line& to, text v) { to.group().cache_folder = v; }},
    option{'4', "ipv4", "", "connect to IPv4 addresses only",
           [](command_line& to, text v) { to.group().only_ipv4 = !v.empty(); }},
    option{'6', "ipv6", "", "connect to IPv6 addresses only",
           [](command_line& to, text v) { to.group().only_ipv6 = !v.empty(); }},
    option{0, "keepalive", "", "", [](command_line&, text) {}},
    option{0, "keepalive-time", "SECONDS", "", [](command_line&, text) {}},
};

constexpr std::array times{
    option{'m', "max-time", "SECONDS", "for all of a transfer",
           [](command_line& to, text v) { to.group().max_time = seconds(v); }},
    option{0, "connect-timeout", "SECONDS", "to connect",
           [](command_line& to, text v) { to.group().connect_timeout = seconds(v); }},
    option{0, "expect100-timeout", "SECONDS", "to wait for a 100 before a body is sent [1]",
           [](command_line& to, text v) { to.group().expect_timeout = seconds(v).value_or(duration::zero()); }},
    option{0, "max-filesize", "BYTES", "refuse larger bodies",
           [](command_line& to, text v) { to.group().max_file_size = byte_count(v); }},
    option{0, "limit-rate", "BYTES", "so many a second at most; 10k, 1M",
           [](command_line& to, text v) { to.group().rate = byte_count(v); }},
    option{'Y', "speed-limit", "BYTES", "fewer a second are too slow",
           [](command_line& to, text v) {
             to.group().speed_limit = byte_count(v);
             if (to.group().speed_time == 0) to.group().speed_time = 30;
           }},
    option{'y', "speed-time", "SECONDS", "for so long [30]",
           [](command_line& to, text v) {
             to.group().speed_time = whole_number(v);
             if (to.group().speed_limit == 0) to.group().speed_limit = 1;
           }},
    option{0, "retry", "N", "try so many times more what may pass: timeouts, 408, 429, 500, 502, 503, 504",
           [](command_line& to, text v) { to.group().retries = whole_number(v); }},
    option{0, "retry-delay", "SECONDS", "between them, instead of 1, 2, 4, ...",
           [](command_line& to, text v) { to.group().retry_delay = real_number(v); }},
    option{0, "retry-max-time", "SECONDS", "for all of them",
           [](command_line& to, text v) { to.group().retry_max_time = real_number(v); }},
    option{0, "retry-all-errors", "", "whatever failed",
           [](command_line& to, text v) { to.group().retry_all = !v.empty(); }},
    option{0, "retry-connrefused", "", "also where nobody listens",
           [](command_line& to, text v) { to.group().retry_refused = !v.empty(); }},
};

}  // namespace

std::span<const option> sign_in_options() { return who; }
std::span<const option> connection_options() { return connections; }
std::span<const option> time_options() { return times; }

}  // namespace braid::get
