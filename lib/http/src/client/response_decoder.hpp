#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <braid/http/headers.hpp>

#include "client/chunk_reader.hpp"
#include "server/head_scanner.hpp"

namespace braid::http {

struct response_limits {
  std::size_t header_bytes = 64 * 1024;
  std::size_t header_count = 256;
  std::size_t informational = 32;
  std::size_t chunk_line_bytes = 4096;  ///< a chunk's size line, and all trailers together
};

/// Sans-io decoder of HTTP/1.1 responses: bytes in, events out. Heads stand on Beast's parser; refused is what that one
/// lets pass and a proxy on the way might read differently (RFC 9112).
///
/// One decoder serves a connection: start() begins each response. 1xx responses are passed over.
class response_decoder {
 public:
  enum class event : std::uint8_t {
    need_more,  ///< call again with what was not consumed and more behind it
    head,       ///< status(), fields() and the framing are known
    body,       ///< body() is the next piece, a view of the input
    complete,   ///< the response has ended
    failed,     ///< reason() says why; the connection cannot go on
  };
  enum class fault : std::uint8_t { none, protocol, limit, cut_off };
  enum class framing : std::uint8_t { none, length, chunked, until_close };

  explicit response_decoder(const response_limits& limits = {});
  ~response_decoder();
  response_decoder(const response_decoder&) = delete;
  response_decoder& operator=(const response_decoder&) = delete;

  /// Makes ready for the response to a request; to HEAD none has a body.
  void start(bool to_head);
  /// Decodes up to the next event. consumed() says how many bytes of `input` are done with.
  event decode(std::string_view input);
  /// The connection has ended: `complete` where that is how the body ends, else `failed`.
  event finish();

  std::size_t consumed() const { return consumed_; }
  std::string_view body() const { return body_; }
  int status() const { return status_; }
  int version() const { return version_; }
  const std::string& reason_text() const { return reason_text_; }
  headers& fields() { return fields_; }
  /// The head is complete.
  bool in_body() const { return in_body_; }
  framing body_framing() const { return framing_; }

  /// Of a body of known length: its size, and what of it has not come. The caller may receive that straight from the
  /// connection and tell so by received().
  std::uint64_t body_length() const { return length_; }
  std::uint64_t body_left() const { return left_; }
  void received(std::uint64_t bytes) { left_ -= bytes; }

  /// Whether the connection may carry another request once this response is complete.
  bool keep_alive() const { return keep_alive_; }

  fault why() const { return fault_; }
  std::string_view reason() const { return reason_; }

 private:
  class beast_parser;
  enum class stage : std::uint8_t { before, body, done, failed };

  event fail(fault why, std::string_view reason);
  event decode_head(std::string_view input);
  event decode_chunks(std::string_view input);
  event complete(std::string_view rest);
  event check_head();
  bool take_length(std::string_view value);
  void take_codings(std::string_view value);
  void take_connection(std::string_view value);

  response_limits limits_;
  head_scanner scanner_;
  chunk_reader chunks_;
  std::unique_ptr<beast_parser> parser_;
  headers fields_;
  std::string reason_text_;
  std::string patched_;  // a head whose status line lacks its second space
  std::string_view body_;
  std::string_view reason_;
  std::size_t consumed_ = 0;
  std::size_t informational_ = 0;
  std::uint64_t length_ = 0;
  std::uint64_t left_ = 0;
  int status_ = 0;
  int version_ = 11;
  framing framing_ = framing::none;
  fault fault_ = fault::none;
  stage stage_ = stage::before;
  bool in_body_ = false;
  bool to_head_ = false;
  bool keep_alive_ = false;
  bool has_length_ = false;
  bool has_coding_ = false;    // any Transfer-Encoding
  bool chunked_last_ = false;  // and "chunked" is its last
  bool other_coding_ = false;  // and there are others
  bool close_named_ = false;
  bool keep_alive_named_ = false;
};

}  // namespace braid::http
