#pragma once

#include <ctime>
#include <optional>
#include <string>
#include <string_view>

namespace braid::get {

/// "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110, 5.6.7).
std::string http_date(std::time_t when);

/// Reads dates as people and servers write them: words for month and weekday, a time, a year, a zone or "+0100", in any
/// order; "20040911"; "1994-11-06". Empty for what is none.
std::optional<std::time_t> parse_date(std::string_view text);

}  // namespace braid::get
