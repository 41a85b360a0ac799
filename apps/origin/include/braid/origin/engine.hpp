#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace braid::origin {

/// The engines whose pages the site can imitate.
enum class engine : std::uint8_t { google, bing, duckduckgo, brave, ecosia, yahoo };

inline constexpr std::array<std::string_view, 6> engine_names = {"google", "bing",   "duckduckgo",
                                                                 "brave",  "ecosia", "yahoo"};

constexpr std::string_view to_string(engine e) { return engine_names[static_cast<std::size_t>(e)]; }

constexpr std::optional<engine> engine_from(std::string_view name) {
  for (std::size_t i = 0; i < engine_names.size(); ++i) {
    if (engine_names[i] == name) return static_cast<engine>(i);
  }
  return std::nullopt;
}

}  // namespace braid::origin
