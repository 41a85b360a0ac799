#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <braid/net/connector.hpp>
#include <braid/runtime/timer_queue.hpp>
#include <memory>
#include <string>
#include <vector>

namespace braid::net {

/// "example.org:443", "[::1]:443", "unix:/run/x": for messages.
std::string target_text(const std::string& host, std::uint16_t port);

/// One call of connect(): what is asked for, and how far it has come.
struct attempt {
  attempt(std::string to_host, std::uint16_t to_port, connect_options with)
      : host(std::move(to_host)), port(to_port), options(std::move(with)), target(target_text(host, port)) {}

  std::string host;
  std::uint16_t port;
  connect_options options;
  std::string target;
  std::string doing = "resolving";  // what it is in the middle of
  timer_queue* clock = nullptr;
  boost::asio::any_io_executor executor;
};

/// Adds up the time from here to stop(), if the caller wants to know. Not to its destructor: that also runs when a
/// context goes with the coroutine still suspended, and the context's clock is gone by then.
class stopwatch {
 public:
  stopwatch(attempt& of, duration connect_timings::*which)
      : clock_(*of.clock),
        where_(of.options.timings != nullptr ? &(of.options.timings->*which) : nullptr),
        begun_(clock_.now()) {}
  stopwatch(const stopwatch&) = delete;

  void stop() const {
    if (where_ != nullptr) *where_ += clock_.now() - begun_;
  }

 private:
  timer_queue& clock_;
  duration* where_;
  time_point begun_;
};

/// Whether the address policy has a say: not about what the program itself has named.
enum class guard : bool { off, on };

/// The addresses of a host, from the overrides or the resolver, that may be connected to.
/// Throws: resolve_error, address_refused.
boost::asio::awaitable<std::vector<endpoint>> addresses_of(attempt& of, const std::string& host, std::uint16_t port,
                                                           guard checked);

/// A connection to one of the addresses of a host. Throws: connect_error, and as addresses_of().
boost::asio::awaitable<std::unique_ptr<transport>> dial(attempt& of, const std::string& host, std::uint16_t port,
                                                        guard checked);

/// A connection to the target that leads through options.proxy; to the proxy alone where no tunnel is wanted.
/// Throws: proxy_error, address_refused, resolve_error for a name that we resolve.
boost::asio::awaitable<std::unique_ptr<transport>> dial_proxy(attempt& of);

/// A host that a proxy could take for an address inside, though it is a name here: "localhost", "0x7f.1".
bool may_mean_inside(std::string_view host) noexcept;

}  // namespace braid::net
