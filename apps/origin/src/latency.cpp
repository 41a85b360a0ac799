#include <algorithm>
#include <cmath>
#include <string>

#include <braid/core/error.hpp>
#include <braid/origin/latency.hpp>
#include "number.hpp"

namespace braid::origin {

namespace {

constexpr auto longest = std::chrono::minutes(1);
constexpr double turn = 6.283185307179586;

duration milliseconds(double value) {
  return std::chrono::duration_cast<duration>(std::chrono::duration<double, std::milli>(value));
}

[[noreturn]] void refuse(std::string_view text) {
  throw invalid_argument("latency \"" + std::string(text) + "\": expected 100ms, 1.5s or lognormal:MEDIAN_MS,SIGMA");
}

double take_milliseconds(std::string_view text, std::string_view whole) {
  double factor = 1;
  if (text.ends_with("ms")) {
    text.remove_suffix(2);
  } else if (text.ends_with('s')) {
    text.remove_suffix(1);
    factor = 1000;
  }
  const auto value = parse_number(text);
  if (!value || !(*value >= 0) || !(*value * factor <= 60'000)) refuse(whole);
  return *value * factor;
}

}  // namespace

latency_model latency_model::fixed(duration wait) { return lognormal(wait, 0); }

latency_model latency_model::lognormal(duration median, double sigma) {
  latency_model model;
  model.median_ = median;
  model.sigma_ = sigma;
  return model;
}

latency_model latency_model::parse(std::string_view text) {
  constexpr std::string_view prefix = "lognormal:";
  if (!text.starts_with(prefix)) return fixed(milliseconds(take_milliseconds(text, text)));
  const std::string_view rest = text.substr(prefix.size());
  const auto comma = rest.find(',');
  if (comma == rest.npos) refuse(text);
  const auto sigma = parse_number(rest.substr(comma + 1));
  if (!sigma || !(*sigma >= 0) || !(*sigma <= 5)) refuse(text);
  return lognormal(milliseconds(take_milliseconds(rest.substr(0, comma), text)), *sigma);
}

duration latency_model::sample(random_source& random) const {
  if (sigma_ <= 0 || is_zero()) return median_;
  // Box-Muller by hand: std::normal_distribution gives other numbers with another standard library.
  const double radius = std::sqrt(-2.0 * std::log(1.0 - random.unit()));
  const double normal = radius * std::cos(turn * random.unit());
  const double scaled = static_cast<double>(median_.count()) * std::exp(sigma_ * normal);
  const double most = static_cast<double>(std::chrono::duration_cast<duration>(longest).count());
  return duration(static_cast<duration::rep>(std::min(scaled, most)));
}

duration under_load(duration wait, std::size_t at_once, std::size_t capacity) {
  if (capacity == 0 || at_once <= capacity) return wait;
  const double longer = std::pow(static_cast<double>(at_once) / static_cast<double>(capacity), 1.5);
  const double most = static_cast<double>(std::chrono::duration_cast<duration>(longest).count());
  return duration(static_cast<duration::rep>(std::min(static_cast<double>(wait.count()) * longer, most)));
}

}  // namespace braid::origin
