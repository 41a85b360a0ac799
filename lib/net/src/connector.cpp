#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>
#include <braid/core/error.hpp>
#include <braid/net/connector.hpp>
#include <braid/net/resolver.hpp>
#include <braid/net/tls.hpp>
#include <braid/runtime/timeout.hpp>
#include <braid/runtime/timer_queue.hpp>

#include "connect_socket.hpp"

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
  std::string target;                  // "example.org:443", for messages
  std::string doing = "resolving";     // what it is in the middle of
  std::optional<time_point> deadline;  // of everything
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

/// One address, for at most `limit`. Null, with the reason in `why`, when it did not accept.
asio::awaitable<std::unique_ptr<transport>> try_address(endpoint to, std::optional<duration> limit, std::string& why) {
  boost::system::error_code error;
  std::unique_ptr<transport> connected;
  try {
    asio::awaitable<std::unique_ptr<transport>> trying = try_connect(to, error);
    if (limit) trying = with_timeout(*limit, std::move(trying), "connect");
    connected = co_await std::move(trying);
  } catch (const timeout_error&) {
    why = "no answer";
    co_return nullptr;
  }
  if (error == asio::error::operation_aborted) throw boost::system::system_error(error);
  if (error) why = error.message();
  co_return connected;
}

/// What is left for one of `count` addresses, so that a dead one leaves time for those behind it.
std::optional<duration> share(const attempt& of, time_point now, std::size_t count) {
  if (!of.deadline || count <= 1) return std::nullopt;
  return (*of.deadline - now) / static_cast<long>(count);
}

asio::awaitable<std::unique_ptr<transport>> connect_any(attempt& of, timer_queue& clock,
                                                        std::vector<endpoint> addresses) {
  const stopwatch watch(clock, of, &connect_timings::connect);
  std::string tried;
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    const std::string name = addresses[i].str();
    of.doing = "connecting to " + name;
    std::string why;
    std::unique_ptr<transport> connected =
        co_await try_address(addresses[i], share(of, clock.now(), addresses.size() - i), why);
    if (connected) {
      watch.stop();
      co_return connected;
    }
    // "connect h:80 (1.2.3.4): refused", "connect h:80: 1.2.3.4: refused; 1.2.3.5: no answer", "connect 1.2.3.4:80:
    // refused"
    if (addresses.size() > 1) {
      tried += (tried.empty() ? ": " : "; ") + addresses[i].address() + ": " + why;
    } else {
      tried = (name == of.target ? ": " : " (" + addresses[i].address() + "): ") + why;
    }
  }
  watch.stop();
  throw connect_error("connect " + of.target + tried);
}

asio::awaitable<std::unique_ptr<transport>> connect_now(attempt& of) {
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  timer_queue& clock = timer_queue::of(executor);
  if (of.options.timeout) of.deadline = clock.now() + *of.options.timeout;
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
