#pragma once

#include <nghttp2/nghttp2.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "server/h2_stream.hpp"

namespace braid::http {

/// A field of a request's header, pseudo-fields too; nghttp2 has checked that it may stand there.
void h2_add_field(h2_server_stream& to, std::string_view name, std::string_view value);
/// The header is complete: what HTTP/1.1's rules ask of a head is asked here too. Sets `refusal`.
void h2_finish_head(h2_server_stream& of);

/// A response's fields as HTTP/2 has them: names small, without those that are about an HTTP/1.1 connection
/// (RFC 9113, 8.2).
class h2_fields {
 public:
  void begin(int status);
  /// Header lines, each with its CR LF. Void when the next begin() is called.
  void add_lines(std::string_view lines);

  /// The bytes are this object's; void after the next begin() or add_lines().
  const nghttp2_nv* data();
  std::size_t size() const { return fields_.size(); }

 private:
  struct field {
    std::size_t name, name_size, value, value_size;  // places in text_
  };
  void add(std::string_view name, std::string_view value);

  std::string text_;
  std::vector<field> fields_;
  std::vector<nghttp2_nv> pairs_;
};

}  // namespace braid::http
