#pragma once

#include <charconv>
#include <optional>
#include <string_view>

namespace braid::origin {

/// The whole text as a number, or nothing.
template <class Number = double>
std::optional<Number> parse_number(std::string_view text) {
  Number value{};
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc{} || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return value;
}

}  // namespace braid::origin
