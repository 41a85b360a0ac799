#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace braid::bench {

/// How many requests the origin at `url` has had in flight at once since it began, by its own count; nothing when it
/// does not say.
std::optional<std::uint64_t> most_in_flight(const std::string& url);

}  // namespace braid::bench
