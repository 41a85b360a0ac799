#pragma once

#include <exception>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

// error                      everything braid throws by itself
// ├── invalid_argument       the caller's mistake, found before anything was sent
// │   └── invalid_url
// ├── timeout_error          a time limit ran out; phase() says which
// ├── network_error          the way to the peer failed
// │   ├── resolve_error      the name has no address
// │   ├── connect_error      no address accepted
// │   │   └── address_refused    the name leads only to addresses that the policy forbids
// │   ├── proxy_error        the proxy cannot be reached, or does not open the way; where() says which
// │   ├── tls_error          handshake or certificate refused
// │   └── connection_lost    reset or closed in the middle
// ├── protocol_error         the peer broke the protocol
// │   ├── decode_error       a content coding (gzip, br, ...) is corrupt or cut off
// │   └── redirect_error     a redirect chain too long or leading nowhere
// ├── status_error           an HTTP status the caller declared to be a failure; status() says which
// ├── limit_error            the peer sent more than a limit allows
// └── io_error               a file or another local resource
//
// Cancellation is no error of this tree: it arrives as Asio's boost::system::system_error with operation_aborted.

namespace braid {

/// One value per class of the tree, for records and tables. to_string() gives its name in snake_case.
enum class errc {
  invalid_argument,
  invalid_url,
  timeout,
  resolve_failed,
  connect_failed,
  address_refused,
  proxy_failed,
  tls_failed,
  connection_lost,
  protocol,
  decode_failed,
  redirect_failed,
  bad_status,
  limit_exceeded,
  io_failed,
};

std::string_view to_string(errc code) noexcept;

/// Base of the tree. what() says what was being done, to whom, and how far it got.
class error : public std::runtime_error {
 public:
  error(errc code, const std::string& message) : std::runtime_error(message), code_(code) {}
  errc code() const noexcept { return code_; }

 private:
  errc code_;
};

class invalid_argument : public error {
 public:
  explicit invalid_argument(const std::string& message) : error(errc::invalid_argument, message) {}

 protected:
  using error::error;
};

class invalid_url : public invalid_argument {
 public:
  explicit invalid_url(const std::string& message) : invalid_argument(errc::invalid_url, message) {}
};

class timeout_error : public error {
 public:
  /// `phase` names the limit that ran out: "connect", "first byte", "idle", "total" or the caller's own word.
  explicit timeout_error(const std::string& message, std::string phase = {})
      : error(errc::timeout, message), phase_(std::move(phase)) {}
  const std::string& phase() const noexcept { return phase_; }

 private:
  std::string phase_;
};

class network_error : public error {
 protected:
  using error::error;
};

class resolve_error : public network_error {
 public:
  explicit resolve_error(const std::string& message) : network_error(errc::resolve_failed, message) {}
};

class connect_error : public network_error {
 public:
  explicit connect_error(const std::string& message) : network_error(errc::connect_failed, message) {}

 protected:
  using network_error::network_error;
};

class address_refused : public connect_error {
 public:
  explicit address_refused(const std::string& message) : connect_error(errc::address_refused, message) {}
};

class proxy_error : public network_error {
 public:
  enum class stage {
    resolve,    ///< the proxy's name has no address
    connect,    ///< nobody answers there
    tls,        ///< TLS with the proxy itself
    handshake,  ///< what it says is not what a proxy of its kind says
    refused,    ///< it says no
  };

  /// `status` is the answer to CONNECT, where there is one.
  proxy_error(stage where, const std::string& message, int status = 0)
      : network_error(errc::proxy_failed, message), stage_(where), status_(status) {}
  stage where() const noexcept { return stage_; }
  int status() const noexcept { return status_; }

 private:
  stage stage_;
  int status_;
};

class tls_error : public network_error {
 public:
  explicit tls_error(const std::string& message) : network_error(errc::tls_failed, message) {}
};

class connection_lost : public network_error {
 public:
  explicit connection_lost(const std::string& message) : network_error(errc::connection_lost, message) {}
};

class protocol_error : public error {
 public:
  explicit protocol_error(const std::string& message) : error(errc::protocol, message) {}

 protected:
  using error::error;
};

class decode_error : public protocol_error {
 public:
  explicit decode_error(const std::string& message) : protocol_error(errc::decode_failed, message) {}
};

class redirect_error : public protocol_error {
 public:
  explicit redirect_error(const std::string& message) : protocol_error(errc::redirect_failed, message) {}
};

class status_error : public error {
 public:
  status_error(int status, const std::string& message) : error(errc::bad_status, message), status_(status) {}
  int status() const noexcept { return status_; }

 private:
  int status_;
};

class limit_error : public error {
 public:
  explicit limit_error(const std::string& message) : error(errc::limit_exceeded, message) {}
};

class io_error : public error {
 public:
  explicit io_error(const std::string& message) : error(errc::io_failed, message) {}
};

/// True for Asio's operation_aborted, which is how cancellation arrives. False for null.
bool is_cancelled(const std::exception_ptr& failure) noexcept;

/// The message of any exception, for logs and records: what() where it has one. "no error" for null.
std::string describe(const std::exception_ptr& failure);

}  // namespace braid
