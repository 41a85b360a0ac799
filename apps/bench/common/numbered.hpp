#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace braid::bench {

/// A text with the first {n} in it replaced by a number; as it is where there is none.
inline std::string numbered(std::string_view text, std::uint64_t number) {
  constexpr std::string_view mark = "{n}";
  const auto at = text.find(mark);
  if (at == std::string_view::npos) {
    return std::string(text);
  }
  std::string out(text.substr(0, at));
  out += std::to_string(number);
  out += text.substr(at + mark.size());
  return out;
}

inline bool is_numbered(std::string_view text) { return text.find("{n}") != std::string_view::npos; }

}  // namespace braid::bench
