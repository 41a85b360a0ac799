#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <braid/core/clock.hpp>

namespace braid::get {

/// Digits of `text` from `at` on, which moves behind them; false, and nothing moved, where there are none or too many.
bool take_number(std::string_view text, std::size_t& at, unsigned long& number);

/// Numbers of the command line; each throws get_error (2) for what is none.
long whole_number(const std::string& text);
/// "1.5"
double real_number(const std::string& text);
/// "10M": K, M, G, T, P of 1024.
std::uint64_t byte_count(const std::string& text);
/// Empty for zero, which sets no limit.
std::optional<duration> seconds(const std::string& text);

}  // namespace braid::get
