#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include <braid/http/cache_rules.hpp>

namespace braid::http {

// A response as a file: what is known of it, its body, and checksums of both. Numbers are little-endian.

/// All of a file but the body.
inline constexpr std::size_t entry_prefix_bytes = 14 + 4 + 4;  ///< mark, size of the head, its checksum
inline constexpr std::size_t entry_suffix_bytes = 4;           ///< checksum of the body

std::string write_entry(const stored_response& what);

/// Nothing for what is not such a file, to the last byte.
std::optional<stored_response> read_entry(std::string_view file);

}  // namespace braid::http
