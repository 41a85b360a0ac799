#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace braid::http {

/// A date as HTTP's fields have it: "Sun, 06 Nov 1994 08:49:37 GMT", and the two obsolete forms that RFC 9110, section
/// 5.6.7 has recipients accept ("Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"). A year of two digits
/// is the one that is at most 50 years after `now`. The name of the day is not compared with the date.
std::optional<std::chrono::sys_seconds> parse_date(
    std::string_view text, std::chrono::system_clock::time_point now = std::chrono::system_clock::now());

/// "Sun, 06 Nov 1994 08:49:37 GMT".
std::string format_date(std::chrono::sys_seconds when);
void append_date(std::string& out, std::chrono::sys_seconds when);

}  // namespace braid::http
