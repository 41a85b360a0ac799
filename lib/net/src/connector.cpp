#include <boost/asio/this_coro.hpp>
#include <braid/core/error.hpp>
#include <braid/net/connector.hpp>
#include <braid/net/tls.hpp>
#include <braid/runtime/timeout.hpp>

#include "attempt.hpp"

namespace braid::net {

namespace asio = boost::asio;

namespace {

asio::awaitable<std::unique_ptr<transport>> connect_now(attempt& of) {
  of.executor = co_await asio::this_coro::executor;
  of.clock = &timer_queue::of(of.executor);
  const bool direct = !of.options.proxy || !of.options.unix_path.empty() || of.host.starts_with("unix:");
  asio::awaitable<std::unique_ptr<transport>> dialling =
      direct ? dial(of, of.host, of.port, guard::on) : dial_proxy(of);
  std::unique_ptr<transport> stream = co_await std::move(dialling);
  if (!of.options.tls) co_return stream;
  of.doing = "TLS handshake with " + stream->peer_description();
  const stopwatch watch(of, &connect_timings::tls);
  const std::string& name = of.options.tls_name.empty() ? of.host : of.options.tls_name;
  try {
    stream = co_await tls_connect(std::move(stream), name, *of.options.tls);
  } catch (const tls_error&) {
    watch.stop();
    throw;
  }
  watch.stop();
  co_return stream;
}

std::string in_words(duration time) {
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(time).count();
  return ms % 1000 == 0 ? std::to_string(ms / 1000) + " s" : std::to_string(ms) + " ms";
}

}  // namespace

asio::awaitable<std::unique_ptr<transport>> connect(std::string host, std::uint16_t port, connect_options options) {
  attempt one(std::move(host), port, std::move(options));
  asio::awaitable<std::unique_ptr<transport>> trying = connect_now(one);
  std::unique_ptr<transport> stream;
  try {
    if (one.options.timeout) trying = with_timeout(*one.options.timeout, std::move(trying), "connect");
    stream = co_await std::move(trying);
  } catch (const timeout_error&) {
    throw timeout_error(
        "connect " + one.target + ": timed out after " + in_words(*one.options.timeout) + " (" + one.doing + ")",
        "connect");
  }
  co_return stream;
}

}  // namespace braid::net
