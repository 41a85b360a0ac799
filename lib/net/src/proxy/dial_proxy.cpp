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
constexpr int authorizations = 3;  // one unasked, one for the challenge, one for a nonce that has gone stale

/// "proxy http://p:3128: connect example.org:443: ..."
std::string about(const proxy& with) { return "proxy " + with.str() + ": "; }

/// A connection to a proxy that nothing lies before.
asio::awaitable<std::unique_ptr<transport>> reach_first(attempt& of, const proxy& with) {
  std::unique_ptr<transport> stream;
  try {
    stream = co_await dial(of, with.host(), with.port(), guard::off);
  } catch (const resolve_error& failure) {
    throw proxy_error(proxy_error::stage::resolve, about(with) + failure.what());
  } catch (const connect_error& failure) {
    throw proxy_error(proxy_error::stage::connect, about(with) + failure.what());
  }
  co_return stream;
}

asio::awaitable<std::unique_ptr<transport>> speak_tls(attempt& of, const proxy& with,
                                                      std::unique_ptr<transport> stream) {
  if (with.kind() != proxy_kind::https) co_return stream;
  of.doing = "TLS handshake with the proxy";
  const stopwatch watch(of, &connect_timings::connect);
  try {
    stream = co_await tls_connect(std::move(stream), with.host(), with.tls());
  } catch (const tls_error& failure) {
    throw proxy_error(proxy_error::stage::tls, about(with) + failure.what());
  }
  watch.stop();
  co_return stream;
}

/// SOCKS 4 has no room for an IPv6 address: an IPv4 one for it, if there is one.
const endpoint& suitable(const proxy& with, const std::vector<endpoint>& found) {
  if (with.kind() != proxy_kind::socks4) return found.front();
  for (const endpoint& one : found) {
    if (one.address().find(':') == std::string::npos) return one;
  }
  return found.front();
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
  out.address = suitable(*of.options.proxy, found);
  co_return out;
}

proxy_error refusal(const proxy& with, const std::string& target, const proxy_handshake& talk) {
  return proxy_error(proxy_error::stage::refused, about(with) + "connect " + target + ": " + talk.reason(),
                     talk.status());
}

/// True when the tunnel stands, false when the proxy wants other credentials.
asio::awaitable<bool> open_tunnel(const proxy& with, const std::string& target, transport& stream,
                                  proxy_handshake& talk, const tunnel_tap& tap, bool may_answer) {
  const std::string begin = about(with) + "connect " + target + ": ";
  io_wait io;
  char buffer[largest_read];
  auto step = talk.take({});
  while (step == proxy_handshake::step::go_on) {
    if (!talk.output().empty()) {
      const std::string output = std::move(talk.output());
      talk.output().clear();
      if (tap && with.is_http()) tap(tunnel_event::head_sent, output);
      const asio::const_buffer bytes = asio::buffer(output);
      co_await io.write(stream, std::span(&bytes, 1));
    }
    if (!io.result.error) {
      const std::size_t wanted = std::min(talk.wanted(), sizeof buffer);
      co_await io.read_some(stream, asio::buffer(buffer, wanted));
    }
    if (io.result.error == asio::error::operation_aborted) throw boost::system::system_error(io.result.error);
    if (io.result.error) {
      step = talk.end();
      if (step == proxy_handshake::step::refused) break;
      const bool ended = io.result.error == asio::error::eof;
      throw proxy_error(proxy_error::stage::handshake,
                        begin + (ended ? "it closed the connection" : "connection lost: " + io.result.error.message()));
    }
    step = talk.take(std::string_view(buffer, io.result.size));
    if (tap && !talk.head().empty()) tap(tunnel_event::head_received, talk.head());
    talk.head().clear();
  }
  if (step == proxy_handshake::step::done) co_return true;
  const bool asks = step == proxy_handshake::step::refused && talk.status() == 407 && !talk.challenges().empty();
  if (asks && may_answer) co_return false;
  if (step == proxy_handshake::step::refused) throw refusal(with, target, talk);
  throw proxy_error(proxy_error::stage::handshake, begin + talk.reason(), talk.status());
}

/// A connection to the proxy of `of`, through the one before it if there is one.
asio::awaitable<std::unique_ptr<transport>> reach(attempt& of) {
  const proxy& with = *of.options.proxy;
  const proxy* const first = with.behind();
  if (!first) {
    std::unique_ptr<transport> direct = co_await reach_first(of, with);
    direct = co_await speak_tls(of, with, std::move(direct));
    co_return direct;
  }
  tunnel_target target;
  target.host = with.host();
  target.port = with.port();
  target.address = endpoint::parse(with.host(), with.port());
  if (!target.address && !first->resolves()) {
    try {
      const std::vector<endpoint> found = co_await addresses_of(of, with.host(), with.port(), guard::off);
      target.address = suitable(*first, found);
    } catch (const resolve_error& failure) {
      throw proxy_error(proxy_error::stage::resolve, about(with) + failure.what());
    }
  }
  const std::string authorization = first->basic_authorization();
  const std::unique_ptr<proxy_handshake> talk = make_handshake(*first, std::move(target), {}, authorization);
  std::unique_ptr<transport> stream = co_await reach_first(of, *first);
  stream = co_await speak_tls(of, *first, std::move(stream));
  of.doing = "opening a tunnel through " + first->str();
  const std::string end = target_text(with.host(), with.port());
  co_await open_tunnel(*first, end, *stream, *talk, of.options.tap, false);
  stream = co_await speak_tls(of, with, std::move(stream));
  co_return stream;
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
  if (!of.options.tunnel && of.options.proxy->is_http()) co_return co_await reach(of);
  const proxy& with = *of.options.proxy;
  const proxy_authorizer& authorizer = of.options.proxy_authorization;
  const std::string authority = authority_of(target);
  std::string authorization = authorizer ? authorizer(authority, {}) : with.basic_authorization();
  std::unique_ptr<transport> stream;
  for (int left = authorizations - 1;; --left) {
    const std::unique_ptr<proxy_handshake> talk = make_handshake(with, target, of.options.proxy_fields, authorization);
    const bool kept = stream && stream->is_open() && stream->is_quiet();
    if (!kept) stream = co_await reach(of);
    of.doing = "opening a tunnel through " + with.str();
    const stopwatch watch(of, &connect_timings::connect);
    const bool may_answer = authorizer && left > 0;
    bool open = false, stale = false;
    try {
      open = co_await open_tunnel(with, of.target, *stream, *talk, of.options.tap, may_answer);
    } catch (const proxy_error& failure) {
      stale = kept && failure.where() == proxy_error::stage::handshake && talk->status() == 0;
      if (!stale) throw;
    }
    watch.stop();
    if (open) co_return stream;
    if (stale) {
      stream.reset();  // it closed instead of hearing the answer
      continue;
    }
    authorization = authorizer(authority, talk->challenges());
    if (authorization.empty()) throw refusal(with, of.target, *talk);
    if (!talk->reusable()) stream.reset();
  }
}

}  // namespace braid::net
