#include "sweep_options.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>

namespace braid::bench {
namespace {

constexpr unsigned most_steps = 100'000;

std::optional<unsigned> number_of(std::string_view text) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = error == std::errc{} && end == text.data() + text.size();
  return whole && value >= 1 && value <= most_steps ? std::optional(value) : std::nullopt;
}

}  // namespace

std::vector<mode_plan> sweep_options::plans() const {
  std::vector<mode_plan> out;
  for (const auto c : contexts) {
    for (const auto k : concurrency) {
      if (k >= c) {
        out.push_back(plan_of(mode::parallel_concurrent, c, k));
      }
    }
  }
  return out;
}

std::vector<unsigned> powers_up_to(unsigned most) {
  std::vector<unsigned> out;
  for (unsigned n = 1; n < most; n *= 2) {
    out.push_back(n);
  }
  out.push_back(most);
  return out;
}

std::vector<unsigned> parse_steps(const std::string& text) {
  if (const auto dots = text.find(".."); dots != std::string::npos) {
    const auto from = number_of(std::string_view(text).substr(0, dots));
    const auto to = number_of(std::string_view(text).substr(dots + 2));
    if (!from || !to || *from > *to) {
      return {};
    }
    std::vector<unsigned> out;
    for (auto n = *from; n < *to; n *= 2) {
      out.push_back(n);
    }
    out.push_back(*to);
    return out;
  }
  std::vector<unsigned> out;
  for (std::string_view rest = text;;) {
    const auto value = number_of(rest.substr(0, rest.find(',')));
    if (!value) {
      return {};
    }
    out.push_back(*value);
    const auto comma = rest.find(',');
    if (comma == std::string_view::npos) {
      break;
    }
    rest.remove_prefix(comma + 1);
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

}  // namespace braid::bench
