#pragma once

#include <braid/core/clock.hpp>
#include <braid/core/error.hpp>
#include <braid/net/tls_options.hpp>
#include <braid/runtime/awaitable.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace braid::scrape {

/// Where a Redis server is and as whom to speak to it: redis://[[USER]:PASSWORD@]HOST[:PORT][/DATABASE], rediss:// over
/// TLS. User and password may be percent-encoded.
class redis_address {
 public:
  /// Throws: invalid_argument, without the text in it: a password may be there.
  static redis_address parse(std::string_view text);

  std::string host;
  std::uint16_t port = 6379;
  std::string user;
  std::string password;
  unsigned database = 0;
  bool tls = false;

  /// For messages: without user and password.
  std::string name() const;
};

/// The server's answer to a command (RESP2).
struct redis_reply {
  enum class kind : std::uint8_t { nil, integer, text, array };

  redis_reply() = default;

  kind type = kind::nil;
  std::int64_t integer = 0;
  std::string text;  ///< bytes, of a status or a string
  std::vector<redis_reply> items;
};

/// The server refused a command; what() names the server, the command and the server's reason.
class redis_error : public io_error {
 public:
  redis_error(const std::string& message, std::string reason) : io_error(message), reason_(std::move(reason)) {}
  /// As the server said it: "NOSCRIPT No matching script. ...".
  const std::string& reason() const noexcept { return reason_; }

 private:
  std::string reason_;
};

struct redis_options {
  redis_options() = default;

  duration connect_timeout = std::chrono::seconds(5);  ///< name, address, TLS, sign-in
  duration command_timeout = std::chrono::seconds(10);
  std::size_t max_reply = std::size_t{64} << 20U;        ///< bytes
  duration first_pause = std::chrono::milliseconds(50);  ///< after a failed connect; doubles, see redis_pause()
  duration longest_pause = std::chrono::seconds(5);
  net::tls_options tls;  ///< for rediss://; the system's authorities, or those that SSL_CERT_FILE names, are trusted
};

/// How long to wait before connecting again after `failures` in a row (full jitter): `unit` (0 to 1) of the pause,
/// which doubles up to the longest. None after no failure.
duration redis_pause(const redis_options& options, unsigned failures, double unit);

/// A connection to a Redis server, made when it is needed and made again when it is lost.
///
///     redis_connection redis(redis_address::parse("redis://127.0.0.1"));
///     auto reply = co_await redis.command({"GET", "name"});  // on g++ 12 name the list first
///
/// Commands run one after the other, in the order they came. None is sent twice: whether one that failed has had an
/// effect is not known, and the caller decides. After failed attempts to connect a command waits its turn first.
///
/// Threads: use on one context. Lifetime: outlives its commands, and goes before the runtime of that context: its
/// socket lives there. Declare the runtime first. Cancellation: a command that is cancelled or runs out of time closes
/// the connection, so that its late answer is nobody else's.
class redis_connection {
 public:
  explicit redis_connection(redis_address address, redis_options options = redis_options());
  redis_connection(const redis_connection&) = delete;
  redis_connection& operator=(const redis_connection&) = delete;
  ~redis_connection();

  /// Throws: redis_error for an answer that is an error; network_error, timeout_error; protocol_error for what is no
  /// RESP; limit_error for an answer that is too long. None holds the password.
  awaitable<redis_reply> command(std::vector<std::string> words);

  /// Without user and password.
  const std::string& name() const noexcept;
  /// Bytes sent and received since it was made, and how often it connected.
  std::uint64_t sent() const noexcept;
  std::uint64_t received() const noexcept;
  std::uint64_t connects() const noexcept;

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace braid::scrape
