#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include <braid/http/headers.hpp>

namespace braid::http {

/// Why a line of a response's head is refused.
enum class line_fault : unsigned char { none, bad_line, bad_version, bad_status, cut_off, too_many };

struct status_line {
  std::string_view reason;
  int version = 11;  ///< 10 or 11
  int status = 0;
};

/// Reads "HTTP/1.1 200 OK" (RFC 9112, 4), without its line end. The space behind the status may be missing where there
/// is no reason, as with many servers.
line_fault read_status_line(std::string_view line, status_line& out);

/// The fields of a head, as far as they fit.
struct field_places {
  std::span<headers::place> room;
  std::size_t count = 0;

  std::span<const headers::place> found() const { return room.first(count); }
};

/// Reads the field lines of a head (RFC 9112, 5) from `at` on, and its empty line, behind which `at` is afterwards.
/// Refuses space around a name, control bytes in a value, and line ends that are not CRLF; cut_off where the input ends
/// before the head does, too_many where they do not fit.
line_fault read_field_lines(std::string_view input, std::size_t& at, field_places& out);

/// Reads a whole head at the start of `input`, and says where it ends.
line_fault read_head(std::string_view input, status_line& first, field_places& out, std::size_t& end);

}  // namespace braid::http
