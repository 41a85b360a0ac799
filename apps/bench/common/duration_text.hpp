#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace braid::bench {

/// "100ms", "1.5s", "250us", "2min"; a number alone counts in `unit`. Nothing when it is no such text, negative, or
/// longer than a day.
std::optional<std::chrono::nanoseconds> parse_duration(std::string_view text, std::chrono::nanoseconds unit);

}  // namespace braid::bench
