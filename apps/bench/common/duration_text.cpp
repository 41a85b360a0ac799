#include "duration_text.hpp"

#include <charconv>
#include <cmath>

namespace braid::bench {
namespace {

using namespace std::chrono_literals;

std::optional<std::chrono::nanoseconds> unit_from(std::string_view name) {
  if (name == "ns") return 1ns;
  if (name == "us" || name == "µs") return 1us;
  if (name == "ms") return 1ms;
  if (name == "s") return 1s;
  if (name == "min") return 1min;
  return std::nullopt;
}

}  // namespace

std::optional<std::chrono::nanoseconds> parse_duration(std::string_view text, std::chrono::nanoseconds unit) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || !std::isfinite(number) || number < 0) {
    return std::nullopt;
  }
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  const auto named = text.empty() ? std::optional(unit) : unit_from(text);
  if (!named) {
    return std::nullopt;
  }
  const double nanoseconds = number * static_cast<double>(named->count());
  constexpr std::chrono::nanoseconds day = 24h;
  if (nanoseconds > static_cast<double>(day.count())) {
    return std::nullopt;
  }
  return std::chrono::nanoseconds(std::llround(nanoseconds));
}

}  // namespace braid::bench
