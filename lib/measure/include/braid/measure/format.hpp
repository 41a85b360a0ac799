#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace braid::measure {

// Figures as people read them, three digits that matter. For tables and summaries; JSON gets plain numbers.

/// "850 ns", "1.23 ms", "41.2 s", "3 min 12 s".
std::string format_duration(std::chrono::nanoseconds value);

/// "987", "12,345", and below a hundred "9.93", "41.2".
std::string format_number(double value);

/// With commas: "12,345".
std::string format_count(std::uint64_t value);

/// "512 B", "1.50 KiB", "3.00 MiB".
std::string format_bytes(std::uint64_t value);

/// "1.00 ×".
std::string format_ratio(double value);

}  // namespace braid::measure
