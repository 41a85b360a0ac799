#pragma once

#include <array>
#include <braid/core/clock.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace braid::scrape {

/// Why a target is to be left alone for a while.
enum class refusal : std::uint8_t {
  too_many,  ///< 429
  denied,    ///< 403 and the like, pages that pretend there is nothing
  captcha,
  recaptcha,
  cloudflare_captcha,
  cloudflare_denied,
  failure,  ///< no answer, or none that is one
};
inline constexpr std::size_t refusal_kinds = 7;

/// The name on the command line: "429", "denied", "captcha", "recaptcha", "cf-captcha", "cf-denied", "failure".
std::string_view to_string(refusal kind);
std::optional<refusal> refusal_from(std::string_view name);

/// For how long; zero: not at all. The defaults are SearXNG's.
class suspension_times {
 public:
  suspension_times();
  /// Nobody is suspended.
  static suspension_times off();
  /// "captcha=3600,429=60" over the defaults, in seconds; "off". Throws: invalid_argument for what it does not know.
  static suspension_times parse(std::string_view text);

  void set(refusal kind, duration time) { times_[static_cast<std::size_t>(kind)] = time; }
  duration of(refusal kind) const { return times_[static_cast<std::size_t>(kind)]; }
  bool none() const;
  /// With what the target asks for itself, which holds where it is longer, and for 429 also where it is shorter. Empty
  /// for a kind that suspends nobody.
  std::optional<duration> after(refusal kind, std::optional<duration> retry_after) const;

 private:
  std::array<duration, refusal_kinds> times_{};
};

/// When a target that has refused may be asked again. Failures in a row count up: so many times the time for one, two
/// minutes at most.
///
/// Threads: one at a time.
class suspension {
 public:
  explicit suspension(const suspension_times& times) : times_(times) {}

  /// Until when it is left alone; nullopt where that kind suspends nobody.
  std::optional<time_point> refused(refusal kind, std::optional<duration> retry_after, time_point now);
  void answered() { in_a_row_ = 0; }

  time_point until() const { return until_; }
  refusal reason() const { return reason_; }
  /// How often it was suspended.
  std::size_t count() const { return count_; }

 private:
  suspension_times times_;
  time_point until_ = time_point::min();
  refusal reason_ = refusal::failure;
  unsigned in_a_row_ = 0;
  std::size_t count_ = 0;
};

}  // namespace braid::scrape
