#pragma once

#include <chrono>
#include <optional>
#include <string_view>
#include <vector>

#include <braid/http/headers.hpp>

namespace braid::http {

/// The members of a list in a field (RFC 9110, 5.6.1), trimmed, empty ones left out. A comma in quotes divides nothing.
std::vector<std::string_view> list_members(std::string_view field);

/// Whether responses of these two were selected by the same fields of their requests (RFC 9111, 4.1).
bool same_selection(const headers& a, const headers& b);

/// RFC 9111, 1.2.2: digits alone; what is too large counts as 2^31.
std::optional<std::chrono::seconds> parse_delta_seconds(std::string_view text);

}  // namespace braid::http
