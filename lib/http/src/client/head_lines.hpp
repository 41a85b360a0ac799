#pragma once

#include <string_view>

#include <braid/http/headers.hpp>

namespace braid::http {

/// Why a line of a response's head is refused.
enum class line_fault : unsigned char { none, bad_line, bad_version, bad_status };

struct status_line {
  std::string_view reason;
  int version = 11;  ///< 10 or 11
  int status = 0;
};

/// Reads "HTTP/1.1 200 OK" (RFC 9112, 4), without its line end. The space behind the status may be missing where there
/// is no reason, as with many servers.
line_fault read_status_line(std::string_view line, status_line& out);

/// Reads the field lines of a head (RFC 9112, 5) from `at` on to its empty line and adds each to `out`, which holds the
/// head as its block. `head` ends with an empty line, and all its lines end with CRLF. Refuses space around a name and
/// control bytes in a value.
line_fault read_field_lines(std::string_view head, std::size_t at, headers& out);

}  // namespace braid::http
