#pragma once

#include <optional>

#include <braid/core/clock.hpp>

namespace braid::http::h2 {

/// When a connection that says nothing is asked for a sign of life, and when it is given up. A function of time.
class liveness {
 public:
  enum class verdict : unsigned char { alive, ask, dead };

  /// `ask_after` of silence while requests wait, empty for never; the answer has `answer_within`.
  liveness(std::optional<duration> ask_after, duration answer_within, time_point now)
      : ask_after_(ask_after), answer_within_(answer_within), heard_(now) {}

  /// Bytes came.
  void heard(time_point now) noexcept {
    heard_ = now;
    asked_.reset();
  }
  /// A PING is on its way.
  void asked(time_point now) noexcept {
    if (!asked_) asked_ = now;
  }
  /// A connection that rested is to be used again: true when so much time went by that it has to prove itself, beside
  /// its first request.
  bool doubtful(time_point now) const noexcept { return ask_after_ && !asked_ && now - heard_ >= trusted; }
  /// Requests wait from here on, after a rest that was no silence of the server's.
  void resumed(time_point now) noexcept { heard_ = asked_ ? heard_ : now; }

  verdict check(time_point now) const noexcept {
    if (asked_) return now - *asked_ >= answer_within_ ? verdict::dead : verdict::alive;
    return ask_after_ && now - heard_ >= *ask_after_ ? verdict::ask : verdict::alive;
  }
  /// When check() may say something else.
  time_point next() const noexcept {
    if (asked_) return *asked_ + answer_within_;
    return ask_after_ ? heard_ + *ask_after_ : time_point::max();
  }

 private:
  static constexpr duration trusted = std::chrono::seconds(1);

  std::optional<duration> ask_after_;
  duration answer_within_;
  time_point heard_;
  std::optional<time_point> asked_;
};

}  // namespace braid::http::h2
