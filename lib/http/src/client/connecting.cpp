#include "client/connecting.hpp"

#include <braid/runtime/timeout.hpp>

#include "client/pool.hpp"

namespace braid::http {

net::connect_options connect_options_for(const client_options& options, const url& to, const net::proxy* via,
                                         bool tunnel) {
  net::connect_options how;
  if (to.is_secure()) how.tls = options.tls;
  how.unix_path = options.unix_socket;
  how.overrides = options.resolve;
  how.addresses = options.addresses;
  how.family = options.address_family;
  how.local = options.local_address;
  if (via) {
    how.proxy = *via;
    how.tunnel = tunnel;
    if (!options.user_agent.empty()) how.proxy_fields.push_back("User-Agent: " + options.user_agent);
  }
  how.timeout = options.timeouts.connect;
  return how;
}

net::proxy_authorizer authorizer_of(std::shared_ptr<client_pool> pool, const net::proxy& with) {
  return [pool = std::move(pool), via = with, sent = std::string()](
             std::string_view target, const std::vector<std::string>& challenges) mutable -> std::string {
    proxy_sign_in& to = pool->sign_in_of(via);
    const std::vector<std::string_view> asked(challenges.begin(), challenges.end());
    if (!asked.empty() && !to.take(via, asked, sent)) return {};
    return sent = to.value(via, "CONNECT", target);
  };
}

boost::asio::awaitable<std::unique_ptr<net::transport>> start_connecting(const client_options& options, const url& to,
                                                                         net::connect_options how) {
  std::string host(to.host_name());
  if (!options.connector) return net::connect(std::move(host), to.port(), std::move(how));
  const std::optional<duration> limit = how.timeout;
  auto connecting = options.connector(std::move(host), to.port(), std::move(how));
  return limit ? with_timeout(*limit, std::move(connecting), "connect") : std::move(connecting);
}

}  // namespace braid::http
