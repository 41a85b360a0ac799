#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/execution_context.hpp>
#include <braid/core/clock.hpp>
#include <braid/net/endpoint.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace braid::net {

/// The bounds of the cache.
struct resolver_options {
  duration ttl = std::chrono::seconds(60);  ///< where the answer tells none, as getaddrinfo never does
  duration min_ttl = std::chrono::seconds(1);
  duration max_ttl = std::chrono::hours(1);
  duration negative_ttl = std::chrono::seconds(2);  ///< a name that has no address
  std::size_t max_names = 10000;
};

/// What a lookup found: addresses without a port, or the reason why there are none.
struct lookup_answer {
  std::vector<endpoint> addresses;
  std::string failure;          ///< empty when it succeeded
  bool temporary = false;       ///< a failure worth asking again for: it is not cached
  std::optional<duration> ttl;  ///< of the addresses, kept within the bounds of resolver_options
};

/// How a resolver asks the DNS itself.
struct dns_options {
  /// "192.0.2.1", "192.0.2.1:5353", "[2001:db8::1]:53", asked in this order; none: those of the system.
  std::vector<std::string> servers;
  duration timeout = std::chrono::seconds(2);  ///< for the first answer of a server; later tries wait longer
  unsigned tries = 3;                          ///< of each server

  dns_options() = default;
};

/// Finds the addresses of host names. One for each execution context, made on first use.
///
/// Lookups ask getaddrinfo, in threads of their own, a few at a time; or, by use_dns(), the DNS on the context itself.
/// A name that several coroutines ask for is asked once. A numeric address is no question.
class resolver {
 public:
  /// Called in a thread of the pool.
  using lookup_function = std::function<lookup_answer(const std::string& host)>;

  static resolver& of(boost::asio::execution_context& context);
  static resolver& of(const boost::asio::any_io_executor& executor);

  /// Addresses of `host` in the order to try them, with `port` set.
  ///
  /// Cancellation: leaves at once. A lookup in a thread goes on and fills the cache; one by use_dns() ends with the
  /// last coroutine that waits for it. Throws: resolve_error, "resolve nowhere.invalid: Name or service not known".
  boost::asio::awaitable<std::vector<endpoint>> resolve(std::string host, std::uint16_t port);

  /// Forgets what is cached and sets new bounds.
  void configure(resolver_options options);

  /// Replaces getaddrinfo, for tests and for resolvers of one's own. Forgets what is cached.
  void use_lookup(lookup_function lookup);

  /// Asks the DNS itself, by c-ares, on the context's own thread: lookups do not wait for one another, end when nobody
  /// wants them any more, and tell how long their answers hold. /etc/hosts and the system's search domains count as
  /// before. Forgets what is cached.
  /// Throws: invalid_argument for what is no server, and where has_dns() is false.
  void use_dns(dns_options options = dns_options());
  /// Whether braid was built with c-ares.
  static bool has_dns() noexcept;

  /// Names that are cached or being asked for.
  std::size_t size() const noexcept;

  class impl;
  explicit resolver(std::shared_ptr<impl> shared);
  ~resolver();

 private:
  std::shared_ptr<impl> impl_;
};

}  // namespace braid::net
