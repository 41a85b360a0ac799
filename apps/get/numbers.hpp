#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <braid/core/clock.hpp>

namespace braid::get {

/// Numbers of the command line; each throws get_error (2) for what is none.
long whole_number(const std::string& text);
/// "1.5"
double real_number(const std::string& text);
/// "10M": K, M, G, T, P of 1024.
std::uint64_t byte_count(const std::string& text);
/// Empty for zero, which sets no limit.
std::optional<duration> seconds(const std::string& text);

}  // namespace braid::get
