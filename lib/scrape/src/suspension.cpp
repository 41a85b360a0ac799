#include <algorithm>
#include <braid/core/error.hpp>
#include <braid/scrape/suspension.hpp>
#include <charconv>
#include <string>

namespace braid::scrape {
namespace {

using namespace std::chrono_literals;

constexpr std::array<std::string_view, refusal_kinds> names = {"429",        "denied",    "captcha", "recaptcha",
                                                               "cf-captcha", "cf-denied", "failure"};
constexpr auto longest_for_failures = 120s;
constexpr double longest_seconds = 366.0 * 24 * 3600;

}  // namespace

std::string_view to_string(refusal kind) { return names[static_cast<std::size_t>(kind)]; }

std::optional<refusal> refusal_from(std::string_view name) {
  const auto* const at = std::find(names.begin(), names.end(), name);
  if (at == names.end()) return std::nullopt;
  return static_cast<refusal>(at - names.begin());
}

suspension_times::suspension_times() {
  set(refusal::too_many, 180s);
  set(refusal::denied, 180s);
  set(refusal::captcha, 1h);
  set(refusal::recaptcha, 7 * 24h);
  set(refusal::cloudflare_captcha, 15 * 24h);
  set(refusal::cloudflare_denied, 24h);
  set(refusal::failure, 5s);
}

suspension_times suspension_times::off() {
  suspension_times times;
  times.times_.fill(duration::zero());
  return times;
}

suspension_times suspension_times::parse(std::string_view text) {
  if (text == "off") return off();
  suspension_times times;
  while (!text.empty()) {
    const auto part = text.substr(0, text.find(','));
    text.remove_prefix(std::min(text.size(), part.size() + 1));
    const auto equals = part.find('=');
    const auto kind = refusal_from(part.substr(0, equals));
    if (!kind || equals == std::string_view::npos) {
      std::string known;
      for (const auto name : names) known += (known.empty() ? "" : ", ") + std::string(name);
      throw invalid_argument("'" + std::string(part) + "': expected KIND=SECONDS, where KIND is one of " + known +
                             "; or off");
    }
    const auto number = part.substr(equals + 1);
    double seconds = 0;
    const auto [stop, error] = std::from_chars(number.data(), number.data() + number.size(), seconds);
    if (error != std::errc() || stop != number.data() + number.size() || !(seconds >= 0) || seconds > longest_seconds) {
      throw invalid_argument("'" + std::string(part) + "': expected seconds, a year at most");
    }
    times.set(*kind, std::chrono::duration_cast<duration>(std::chrono::duration<double>(seconds)));
  }
  return times;
}

bool suspension_times::none() const {
  return std::all_of(times_.begin(), times_.end(), [](duration time) { return time <= duration::zero(); });
}

std::optional<duration> suspension_times::after(refusal kind, std::optional<duration> retry_after) const {
  const auto time = of(kind);
  if (time <= duration::zero()) return std::nullopt;
  if (!retry_after) return time;
  return kind == refusal::too_many ? *retry_after : std::max(time, *retry_after);
}

std::optional<time_point> suspension::refused(refusal kind, std::optional<duration> retry_after, time_point now) {
  const auto wait = times_.after(kind, retry_after);
  if (!wait) return std::nullopt;
  auto time = *wait;
  if (kind == refusal::failure) {
    time = std::min<duration>(time * ++in_a_row_, std::max<duration>(time, longest_for_failures));
  }
  // What was on its way when the target refused says nothing new.
  if (now < until_ && now + time <= until_) return until_;
  if (now >= until_) ++count_;
  until_ = std::max(until_, now + time);
  reason_ = kind;
  return until_;
}

}  // namespace braid::scrape
