#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <braid/http/headers.hpp>

#include "server/head_scanner.hpp"

namespace braid::http {

/// What a request says before its body. Strings keep their room from one request to the next.
struct request_head {
  std::string method;
  std::string target;     ///< as sent, except that the absolute form has lost scheme and authority
  std::string authority;  ///< of an absolute target, else the Host header
  headers fields;
  int version = 11;  ///< 10, 11 or 20
  bool keep_alive = true;
  bool expects_continue = false;
  bool chunked = false;
  std::optional<std::uint64_t> content_length;

  request_head() = default;
  void clear();
};

struct request_limits {
  std::size_t line_bytes = 16 * 1024;
  std::size_t header_bytes = 64 * 1024;  ///< request line and header lines together
  std::size_t header_count = 128;
  std::uint64_t body_bytes = 16 * 1024 * 1024;
  std::size_t chunk_line_bytes = 4096;  ///< a chunk's size line, and all trailers together
};

/// Sans-io parser of HTTP/1.1 requests: bytes in, events out. Stands on Beast's parser and refuses what that one lets
/// pass and two servers might understand differently.
///
/// One parser serves a connection: after `complete`, call next() and go on with the bytes that are left.
class request_parser {
 public:
  enum class event : std::uint8_t {
    need_more,  ///< call again with what was not consumed and more behind it
    head,       ///< head() is filled
    body,       ///< body() is the next piece, a view of the input
    complete,   ///< the message has ended
    failed,     ///< status() and reason() say why; the connection cannot go on
  };

  explicit request_parser(const request_limits& limits = {});
  ~request_parser();
  request_parser(const request_parser&) = delete;
  request_parser& operator=(const request_parser&) = delete;

  /// Parses up to the next event. consumed() says how many bytes of `input` are done with.
  event parse(std::string_view input);
  std::size_t consumed() const { return consumed_; }
  std::string_view body() const { return body_; }
  /// 400, 413, 414, 417, 431, 501 or 505.
  int status() const { return status_; }
  std::string_view reason() const { return reason_; }
  const request_head& head() const { return head_; }
  request_head& head() { return head_; }
  /// True between messages: a peer that closes now has cut nothing off.
  bool idle() const { return stage_ == stage::before && !started_; }
  /// Makes ready for the next message. Only after `complete`.
  void next();

 private:
  class beast_parser;
  enum class stage : std::uint8_t { before, head, body, done, failed };

  event fail(int status, std::string_view reason);
  event parse_head(std::string_view input);
  event parse_body(std::string_view input);
  event check_head();

  request_limits limits_;
  head_scanner scanner_;
  std::unique_ptr<beast_parser> parser_;
  request_head head_;
  std::string_view body_;
  std::string_view reason_;
  std::size_t consumed_ = 0;
  int status_ = 0;
  unsigned blank_lines_ = 0;
  stage stage_ = stage::before;
  bool started_ = false;
};

}  // namespace braid::http
