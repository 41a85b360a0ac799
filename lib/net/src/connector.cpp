#include <algorithm>
#include <boost/asio/this_coro.hpp>
#include <braid/core/error.hpp>
#include <braid/net/connector.hpp>
#include <braid/net/resolver.hpp>
#include <braid/net/tls.hpp>
#include <braid/runtime/timeout.hpp>
#include <braid/runtime/timer_queue.hpp>

#include "connect_race.hpp"
#include "connect_socket.hpp"
#include "happy_eyeballs.hpp"

namespace braid::net {

namespace asio = boost::asio;

namespace {

constexpr std::string_view unix_prefix = "unix:";

/// One call of connect(): what is asked for, and how far it has come.
struct attempt {
  attempt(std::string to_host, std::uint16_t to_port, connect_options with)
      : host(std::move(to_host)), port(to_port), options(std::move(with)) {
    target = host.starts_with(unix_prefix) ? host
             : host.find(':') == host.npos ? host + ":" + std::to_string(port)
                                           : "[" + host + "]:" + std::to_string(port);
  }

  std::string host;
  std::uint16_t port;
  connect_options options;
  std::string target;               // "example.org:443", for messages
  std::string doing = "resolving";  // what it is in the middle of
};

/// Measures from here to stop(), if the caller wants to know. Not to its destructor: that also runs when a context goes
/// with the coroutine still suspended, and the context's clock is gone by then.
class stopwatch {
 public:
  stopwatch(timer_queue& clock, attempt& of, duration connect_timings::*which)
      : clock_(clock),
        where_(of.options.timings != nullptr ? &(of.options.timings->*which) : nullptr),
        begun_(clock.now()) {}
  stopwatch(const stopwatch&) = delete;

  void stop() const {
    if (where_ != nullptr) *where_ = clock_.now() - begun_;
  }

 private:
  timer_queue& clock_;
  duration* where_;
  time_point begun_;
};

/// Keeps what the policy allows. Throws when that is nothing.
void leave_out_forbidden(const attempt& of, std::vector<endpoint>& addresses) {
  if (!of.options.addresses.restricted()) return;
  std::string refused;
  std::erase_if(addresses, [&](const endpoint& one) {
    if (of.options.addresses.allows(one)) return false;
    refused += (refused.empty() ? "" : ", ") + one.address() + " (" + std::string(to_string(classify(one))) + ")";
    return true;
  });
  if (addresses.empty()) throw address_refused("connect " + of.target + ": the address policy refuses " + refused);
}

asio::awaitable<std::vector<endpoint>> addresses_of(attempt& of, timer_queue& clock, asio::any_io_executor executor) {
  std::vector<endpoint> out;
  if (!of.options.unix_path.empty()) {
    out.push_back(endpoint::unix_path(of.options.unix_path));
    co_return out;
  }
  if (of.host.starts_with(unix_prefix)) {
    out.push_back(endpoint::unix_path(std::string_view(of.host).substr(unix_prefix.size())));
    leave_out_forbidden(of, out);
    co_return out;
  }
  for (const resolve_override& given : of.options.overrides) {
    if (!given.applies_to(of.host, of.port)) continue;
    out = given.addresses();
    leave_out_forbidden(of, out);
    co_return out;
  }
  const stopwatch watch(clock, of, &connect_timings::resolve);
  try {
    out = co_await resolver::of(executor).resolve(of.host, of.port);
  } catch (const resolve_error&) {
    watch.stop();
    throw;
  }
  watch.stop();
  leave_out_forbidden(of, out);
  co_return out;
}

/// "connect h:80 (1.2.3.4): refused", "connect h:80: 1.2.3.4: refused; ::1: no route", "connect 1.2.3.4:80: refused"
std::string failure_text(const attempt& of, const std::vector<endpoint>& addresses,
                         const std::vector<boost::system::error_code>& errors) {
  std::string text = "connect " + of.target;
  if (addresses.size() == 1) {
    if (addresses[0].str() != of.target) text += " (" + addresses[0].address() + ")";
    return text + ": " + errors[0].message();
  }
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    text += (i == 0 ? ": " : "; ") + addresses[i].address() + ": " + errors[i].message();
  }
  return text;
}

asio::awaitable<std::unique_ptr<transport>> connect_any(attempt& of, timer_queue& clock,
                                                        std::vector<endpoint> addresses) {
  const stopwatch watch(clock, of, &connect_timings::connect);
  addresses = interleave(addresses);
  if (addresses.size() > of.options.max_addresses) addresses.resize(std::max<std::size_t>(1, of.options.max_addresses));
  const attempt_function one = [&](std::size_t which, boost::system::error_code& error) {
    of.doing = "connecting to " + addresses[which].str();
    if (which > 0) of.doing += " and " + std::to_string(which) + " before it";
    return try_connect(addresses[which], error);
  };
  std::vector<boost::system::error_code> errors;
  std::unique_ptr<transport> connected = co_await race(addresses.size(), of.options.attempt_delay, one, errors);
  watch.stop();
  if (!connected) throw connect_error(failure_text(of, addresses, errors));
  co_return connected;
}

asio::awaitable<std::unique_ptr<transport>> connect_now(attempt& of) {
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  timer_queue& clock = timer_queue::of(executor);
  std::vector<endpoint> addresses = co_await addresses_of(of, clock, executor);
  std::unique_ptr<transport> stream = co_await connect_any(of, clock, std::move(addresses));
  if (!of.options.tls) co_return stream;
  of.doing = "TLS handshake with " + stream->peer_description();
  const stopwatch watch(clock, of, &connect_timings::tls);
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
