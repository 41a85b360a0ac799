#include <braid/measure/format.hpp>

#include <array>
#include <cmath>
#include <cstdio>

namespace braid::measure {
namespace {

/// Three digits that matter: 1.23, 12.3, 123. Rounding may carry (9.996 is "10.0"), so the bounds are a hair lower.
std::string three_digits(double value) {
  const double size = std::fabs(value);
  const int decimals = size < 9.995 ? 2 : size < 99.95 ? 1 : 0;
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%.*f", decimals, value);
  return text.data();
}

std::string with_commas(std::string digits) {
  const std::size_t start = !digits.empty() && digits[0] == '-' ? 1 : 0;
  for (auto at = digits.size(); at > start + 3;) {
    at -= 3;
    digits.insert(at, 1, ',');
  }
  return digits;
}

struct unit {
  double size;
  const char* name;
};

}  // namespace

std::string format_duration(std::chrono::nanoseconds value) {
  const auto nanoseconds = static_cast<double>(value.count());
  const double seconds = nanoseconds / 1e9;
  if (std::fabs(seconds) >= 119.5) {
    const auto whole = static_cast<long long>(std::llround(seconds));
    const auto rest = std::to_string(std::llabs(whole % 60));
    return std::to_string(whole / 60) + " min " + rest + " s";
  }
  constexpr std::array<unit, 3> units{{{1e9, " s"}, {1e6, " ms"}, {1e3, " µs"}}};
  for (const auto& [size, name] : units) {
    if (std::fabs(nanoseconds) >= 0.9995 * size) {
      return three_digits(nanoseconds / size) + name;
    }
  }
  return std::to_string(value.count()) + " ns";
}

std::string format_number(double value) {
  if (!std::isfinite(value)) {
    return "-";
  }
  auto text = three_digits(value);
  return text.find('.') == std::string::npos ? with_commas(std::move(text)) : text;
}

std::string format_count(std::uint64_t value) { return with_commas(std::to_string(value)); }

std::string format_bytes(std::uint64_t value) {
  const auto bytes = static_cast<double>(value);
  constexpr std::array<unit, 4> units{
      {{1024. * 1024 * 1024 * 1024, " TiB"}, {1024. * 1024 * 1024, " GiB"}, {1024. * 1024, " MiB"}, {1024., " KiB"}}};
  for (const auto& [size, name] : units) {
    if (bytes >= size) {
      return three_digits(bytes / size) + name;
    }
  }
  return std::to_string(value) + " B";
}

std::string format_ratio(double value) { return std::isfinite(value) ? three_digits(value) + " ×" : "-"; }

}  // namespace braid::measure
