#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include <braid/http/wire_form.hpp>

#include "client/chunk_reader.hpp"
#include "client/head_lines.hpp"
#include "client/incoming_response.hpp"
#include "client/lenient_head.hpp"
#include "server/head_scanner.hpp"

namespace braid::http {

struct response_limits {
  std::size_t header_bytes = 64 * 1024;
  std::size_t header_count = 256;
  std::size_t informational = 32;
  std::size_t chunk_line_bytes = 4096;  ///< a chunk's size line, and all trailers together
};

/// Sans-io decoder of HTTP/1.1 responses (RFC 9112): bytes in, events out. Refused is what a proxy on the way might
/// read differently.
///
/// One decoder serves a connection: start() begins each response. 1xx responses are passed over.
class response_decoder : public incoming_response {
 public:
  explicit response_decoder(const response_limits& limits = {});
  response_decoder(const response_decoder&) = delete;
  response_decoder& operator=(const response_decoder&) = delete;

  /// Makes ready for the response to a request; to HEAD none has a body. `form` outlives the response; null for the
  /// usual.
  void start(bool to_head, const wire_form* form = nullptr);
  /// The request asks for HTTP/2: 101 that grants it is a head like those of final responses, and what follows it is
  /// left where it is.
  void allow_http2() noexcept { allows_http2_ = true; }
  /// Decodes up to the next event. consumed() says how many bytes of `input` are done with.
  event decode(std::string_view input);
  /// The connection has ended: `complete` where that is how the body ends, else `failed`. `rest` is what was received
  /// and not consumed.
  event finish(std::string_view rest = {});

  std::size_t consumed() const { return consumed_; }
  /// 1xx responses so far.
  std::size_t informational() const { return informational_; }
  /// What is left of a body of known length may be received straight from the connection, which this tells.
  void received(std::uint64_t bytes) { left_ -= bytes; }

  /// Whether the connection may carry another request once this response is complete.
  bool keep_alive() const { return keep_alive_; }
  /// How many seconds the server says that it keeps a connection at rest (Keep-Alive: timeout); never 0.
  std::optional<std::uint32_t> rest_seconds() const { return rest_seconds_; }

 private:
  enum class stage : std::uint8_t { before, body, done, failed };

  event fail(fault why, std::string_view reason);
  event decode_head(std::string_view input);
  event scan_head(std::string_view rest);
  bool take_common_head(std::string_view input);
  bool take_scanned_head(std::string_view head);
  void take_lines(std::string_view head, const status_line& first, std::span<const headers::place> fields);
  bool take_fields();
  event decode_lenient_head(std::string_view input, bool last);
  void take_lenient_codings(std::string_view value);
  bool take_lenient_field(std::string_view name, std::string_view value);
  event start_without_head();
  void tell(wire_event what, std::string_view bytes) const;
  event decode_chunks(std::string_view input);
  event complete(std::string_view rest);
  event check_head();
  event switch_protocols();
  bool take_length(std::string_view value);
  void take_codings(std::string_view value);
  void take_connection(std::string_view value);
  void take_keep_alive(std::string_view value);

  response_limits limits_;
  const wire_form* form_ = nullptr;
  std::unique_ptr<lenient_head> lenient_;  // where the form asks for it
  head_scanner scanner_;
  chunk_reader chunks_;
  std::size_t head_size_ = 0;
  std::size_t consumed_ = 0;
  std::size_t informational_ = 0;
  std::size_t blank_lines_ = 0;  // before the head, over all of decode()'s calls
  std::size_t served_ = 0;
  stage stage_ = stage::before;
  std::optional<std::uint32_t> rest_seconds_;
  bool to_head_ = false;
  bool allows_http2_ = false;
  bool keep_alive_ = false;
  bool has_length_ = false;
  bool has_coding_ = false;    // any Transfer-Encoding
  bool chunked_last_ = false;  // and "chunked" is its last
  bool other_coding_ = false;  // and there are others
  bool close_named_ = false;
  bool keep_alive_named_ = false;
  bool last_named_ = false;  // by Keep-Alive: no more requests
};

}  // namespace braid::http
