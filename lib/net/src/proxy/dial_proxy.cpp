#include <algorithm>
#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>
#include <braid/core/error.hpp>
#include <braid/net/proxy.hpp>
#include <braid/net/tls.hpp>

#include "attempt.hpp"
#include "proxy/handshake.hpp"

namespace braid::net {

namespace asio = boost::asio;

namespace {

constexpr std::size_t largest_read = 1024;

/// "proxy http://p:3128: connect example.org:443: ..."
std::string about(const attempt& of) { return "proxy " + of.options.proxy->str() + ": "; }

asio::awaitable<std::unique_ptr<transport>> reach(attempt& of) {
  const proxy& with = *of.options.proxy;
  std::unique_ptr<transport> stream;
  try {
    stream = co_await dial(of, with.host(), with.port(), guard::off);
  } catch (const resolve_error& failure) {
    throw proxy_error(proxy_error::stage::resolve, about(of) + failure.what());
  } catch (const connect_error& failure) {
    throw proxy_error(proxy_error::stage::connect, about(of) + failure.what());
  }
  if (with.kind() != proxy_kind::https) co_return stream;
  of.doing = "TLS handshake with the proxy";
  const stopwatch watch(of, &connect_timings::connect);
  try {
    stream = co_await tls_connect(std::move(stream), with.host(), with.tls());
  } catch (const tls_error& failure) {
    throw proxy_error(proxy_error::stage::tls, about(of) + failure.what());
  }
  watch.stop();
  co_return stream;
}

/// Where the tunnel leads, by an address where that is ours to find.
asio::awaitable<tunnel_target> target_of(attempt& of) {
  tunnel_target out;
  out.host = of.host;
  out.port = of.port;
  out.address = endpoint::parse(of.host, of.port);
  const bool guarded = of.options.addresses.restricted();
  if (!out.address && of.options.proxy->resolves()) {
    if (guarded && may_mean_inside(of.host)) {
      throw address_refused("connect " + of.target + ": the address policy refuses " + of.host +
                            ", which the proxy may resolve to itself");
    }
    co_return out;
  }
  const std::vector<endpoint> found = co_await addresses_of(of, of.host, of.port, guard::on);
  out.address = found.front();
  if (of.options.proxy->kind() != proxy_kind::socks4) co_return out;
  for (const endpoint& one : found) {
    if (one.address().find(':') == std::string::npos) {
      out.address = one;
      break;
    }
  }
  co_return out;
}

asio::awaitable<void> open_tunnel(attempt& of, transport& stream, proxy_handshake& talk) {
  const std::string begin = about(of) + "connect " + of.target + ": ";
  io_wait io;
  char buffer[largest_read];
  auto step = talk.take({});
  while (step == proxy_handshake::step::go_on) {
    if (!talk.output().empty()) {
      const std::string output = std::move(talk.output());
      talk.output().clear();
      const asio::const_buffer bytes = asio::buffer(output);
      co_await io.write(stream, std::span(&bytes, 1));
    }
    if (!io.result.error) {
      const std::size_t wanted = std::min(talk.wanted(), sizeof buffer);
      co_await io.read_some(stream, asio::buffer(buffer, wanted));
    }
    if (io.result.error == asio::error::operation_aborted) throw boost::system::system_error(io.result.error);
    if (io.result.error) {
      const bool ended = io.result.error == asio::error::eof;
      throw proxy_error(proxy_error::stage::handshake,
                        begin + (ended ? "it closed the connection" : "connection lost: " + io.result.error.message()));
    }
    step = talk.take(std::string_view(buffer, io.result.size));
  }
  if (step == proxy_handshake::step::done) co_return;
  const auto where =
      step == proxy_handshake::step::refused ? proxy_error::stage::refused : proxy_error::stage::handshake;
  throw proxy_error(where, begin + talk.reason(), talk.status());
}

}  // namespace

bool may_mean_inside(std::string_view host) noexcept {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  if (host.ends_with('.')) host.remove_suffix(1);
  const auto dot = host.rfind('.');
  const std::string_view last = dot == host.npos ? host : host.substr(dot + 1);
  constexpr std::string_view own = "localhost";
  if (std::equal(last.begin(), last.end(), own.begin(), own.end(), [&](char a, char b) { return lower(a) == b; })) {
    return true;
  }
  // What ends in a number is an address to many resolvers, whatever its spelling.
  const bool digits = last.find_first_not_of("0123456789") == last.npos;
  const bool hex = last.size() >= 2 && last[0] == '0' && lower(last[1]) == 'x' &&
                   last.find_first_not_of("0123456789abcdefABCDEF", 2) == last.npos;
  return digits || hex;
}

asio::awaitable<std::unique_ptr<transport>> dial_proxy(attempt& of) {
  // Before anything is sent: what is refused, or cannot be said, needs no connection.
  tunnel_target target = co_await target_of(of);
  std::unique_ptr<proxy_handshake> talk;
  const bool tunnel = of.options.tunnel || !of.options.proxy->is_http();
  if (tunnel) talk = make_handshake(*of.options.proxy, std::move(target), of.options.proxy_fields);
  std::unique_ptr<transport> stream = co_await reach(of);
  if (!tunnel) co_return stream;
  of.doing = "opening a tunnel through " + of.options.proxy->str();
  const stopwatch watch(of, &connect_timings::connect);
  co_await open_tunnel(of, *stream, *talk);
  watch.stop();
  co_return stream;
}

}  // namespace braid::net
