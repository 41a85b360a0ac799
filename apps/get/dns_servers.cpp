#include "dns_servers.hpp"

#include <boost/asio/this_coro.hpp>
#include <braid/core/error.hpp>
#include <braid/net/resolver.hpp>

#include "get_error.hpp"

namespace braid::get {

awaitable<void> use_dns_servers(const std::string& addresses) {
  if (addresses.empty()) co_return;
  if (!net::resolver::has_dns()) throw get_error(not_built_in, "--dns-servers takes a braid-get built with c-ares");
  net::dns_options options;
  for (std::size_t at = 0; at <= addresses.size();) {
    const std::size_t end = std::min(addresses.find(',', at), addresses.size());
    options.servers.push_back(addresses.substr(at, end - at));
    at = end + 1;
  }
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  try {
    net::resolver::of(executor).use_dns(std::move(options));
  } catch (const invalid_argument& e) {
    throw get_error(bad_argument, e.what());
  }
}

}  // namespace braid::get
