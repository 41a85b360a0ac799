#pragma once

#include <braid/net/endpoint.hpp>
#include <braid/net/proxy.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace braid::net {

/// Where a tunnel is to lead: a name for the proxy to resolve, or an address.
struct tunnel_target {
  std::string host;  ///< without brackets; ignored where there is an address
  std::uint16_t port = 0;
  std::optional<endpoint> address;

  tunnel_target() = default;
};

/// What is said to a proxy, and what it answers, until the tunnel stands. Sans-io: the caller sends output(), reads
/// wanted() bytes at most, and hands them to take(). Nothing behind the proxy's answer is ever asked for, so that the
/// tunnel's first bytes stay in the stream.
class proxy_handshake {
 public:
  enum class step : std::uint8_t {
    go_on,    ///< send output(), which may be empty, then read wanted() bytes at most
    done,     ///< the tunnel stands
    refused,  ///< the proxy says no: reason() and status()
    broken,   ///< it does not speak as it should: reason()
  };

  virtual ~proxy_handshake() = default;

  /// The first step is begun by an empty input.
  virtual step take(std::string_view input) = 0;
  virtual std::size_t wanted() const = 0;
  /// Instead of an input: the connection has ended.
  virtual step end() { return fail(step::broken, "it closed the connection"); }

  /// To be sent; the caller takes it away.
  std::string& output() noexcept { return output_; }
  /// Lines of a head that the proxy sent, as they came; the caller takes them away.
  std::string& head() noexcept { return head_; }
  const std::string& reason() const noexcept { return reason_; }
  /// Of the answer to CONNECT; 0 without one.
  int status() const noexcept { return status_; }
  /// After a refusal: the connection is as good as new, for another try.
  bool reusable() const noexcept { return reusable_; }
  /// What a 407 has in Proxy-Authenticate.
  const std::vector<std::string>& challenges() const noexcept { return challenges_; }

 protected:
  step fail(step how, std::string reason) {
    reason_ = std::move(reason);
    return how;
  }

  std::string output_;
  std::string head_;
  std::string reason_;
  std::vector<std::string> challenges_;
  int status_ = 0;
  bool reusable_ = false;
};

/// `fields` are lines "Name: value" for CONNECT, `authorization` is its Proxy-Authorization. Throws: invalid_argument
/// for a target the protocol cannot express.
std::unique_ptr<proxy_handshake> make_handshake(const proxy& with, tunnel_target to,
                                                const std::vector<std::string>& fields,
                                                const std::string& authorization);

/// "example.org:443", as it stands in the line of CONNECT.
std::string authority_of(const tunnel_target& to);

}  // namespace braid::net
