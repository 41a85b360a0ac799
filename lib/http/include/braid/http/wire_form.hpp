#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include <braid/core/clock.hpp>

namespace braid::http {

/// What passes by a wire_form's tap.
enum class wire_event : std::uint8_t {
  head_sent,         ///< a request's head
  body_sent,         ///< a piece of its body, without the framing of chunks
  head_received,     ///< a response's head, 1xx too, with its empty line; line by line where it is read leniently
  tunnel_sent,       ///< a CONNECT to a proxy, where this request's connection needs one
  tunnel_received,   ///< lines of the head that answers it
  trailer_received,  ///< the lines behind a body, without the empty one
};

/// Called with what passes, in order. It may not throw.
using wire_tap = std::function<void(wire_event, std::string_view)>;

/// Says, for one request, what its bytes are in HTTP/1.x and how much of a response is forgiven: for tools that show
/// and shape the protocol itself. Others leave it alone: what is sent here is as right as its author makes it.
class wire_form {
 public:
  wire_form() = default;

  /// Instead of the URL's path and query in the request line; empty for those. Bytes up to the space and DEL are
  /// refused.
  std::string target;

  /// All header lines, each "Name: value" and CR LF, in their order: neither Host nor Content-Length is added. Empty
  /// for the usual ones. A body without a length needs "Transfer-Encoding: chunked" here.
  std::string lines;

  /// 10 or 11.
  int version = 11;

  /// After the head, waits so long for a response before the body is sent (Expect: 100-continue, RFC 9110, 10.1.1). A
  /// final response in that time means that the body is not sent. Over HTTP/2 too.
  std::optional<duration> continue_wait;

  /// Takes heads that old and careless servers send: lines that end with LF alone, folded lines, Content-Length beside
  /// chunks, bytes behind the end. Between a client and its server only: a proxy in between may read them otherwise.
  bool lenient = false;

  /// With lenient: an answer that does not begin with "HTTP/" is a body without a head.
  bool http_0_9 = false;

  /// With lenient: no transfer coding is undone; the body lasts until the connection ends.
  bool raw_body = false;

  /// With lenient: Content-Length means nothing; the body lasts until the connection ends.
  bool ignore_length = false;

  /// Also over HTTP/2, whose heads it is given in the form of HTTP/1.1: "GET / HTTP/2", "HTTP/2 200 ".
  wire_tap tap;
};

}  // namespace braid::http
