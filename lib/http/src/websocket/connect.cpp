#include "websocket/connect.hpp"

#include <boost/asio/this_coro.hpp>

#include <braid/core/error.hpp>
#include <braid/http/cookies.hpp>
#include <braid/http/hsts.hpp>

#include "client/client_state.hpp"
#include "client/connecting.hpp"
#include "client/pool.hpp"
#include "websocket/websocket_state.hpp"

namespace braid::http {

namespace {

/// The URL of the opening request: ws is http, wss is https.
url request_url(const std::string& address) {
  const url given = url::parse(address);
  const std::string_view scheme = given.scheme();
  if (scheme == "http" || scheme == "https") return given;
  if (scheme != "ws" && scheme != "wss") {
    throw invalid_url("\"" + std::string(given.str()) + "\": the scheme is none of ws, wss, http and https");
  }
  return url::parse((given.is_secure() ? "https" : "http") + std::string(given.str().substr(scheme.size())));
}

request opening_of(const url& to, const headers& fields) {
  request out("GET", to);
  for (const headers::field one : fields) {
    const bool ours = equal_ignoring_case(one.name, "Connection") || equal_ignoring_case(one.name, "Upgrade") ||
                      equal_ignoring_case(one.name.substr(0, 14), "Sec-WebSocket-");
    if (ours) throw invalid_argument("websocket: " + std::string(one.name) + " follows from the options");
    out.header(one.name, one.value);
  }
  return out;
}

}  // namespace

asio::awaitable<websocket> connect_websocket(std::shared_ptr<const client_state> client, std::string address,
                                             websocket_options options) {
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  std::shared_ptr<client_pool> pool = client->pool_of(executor);
  if (pool->draining()) throw invalid_argument("GET " + address + ": the client is closed");
  const client_options& how = client->options;
  url to = request_url(address);
  if (how.hsts) to = how.hsts->secured(to, client->wall_now());
  const request opening = opening_of(to, options.fields);
  const bool direct = how.proxy.empty() || !how.unix_socket.empty();
  const net::proxy* const via = direct ? nullptr : how.proxy.choose(to.is_secure(), to.host());
  net::connect_options connecting = connect_options_for(how, to, via, true);
  if (connecting.tls) connecting.tls->alpn({"http/1.1"});
  if (via && via->scheme() != net::proxy_scheme::basic) {
    connecting.proxy_authorization = authorizer_of(std::move(pool), *via);
  }
  auto reaching = start_connecting(how, to, std::move(connecting));
  std::unique_ptr<net::transport> stream = co_await std::move(reaching);
  const std::string name((to.is_secure() ? "wss" : "ws") +
                         std::string(to.without_secrets().str().substr(to.scheme().size())));
  auto state = std::make_shared<websocket_state>(std::move(stream), executor, options, name);
  websocket out(state);
  std::string cookies;
  if (how.cookies) cookies = how.cookies->header_for(to, client->wall_now());
  headers fields = client->encoder.fields(opening, cookies);
  auto shaking = state->open(std::string(to.target()), std::move(fields), how.timeouts.first_byte);
  co_await std::move(shaking);
  if (how.cookies) how.cookies->store(to, state->fields(), client->wall_now());
  co_return out;
}

}  // namespace braid::http
