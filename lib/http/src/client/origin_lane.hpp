#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include <braid/core/clock.hpp>
#include <braid/http/request_rates.hpp>
#include <braid/runtime/detail/list.hpp>
#include <braid/runtime/rate_limiter.hpp>

namespace braid::http {

/// Which of the requests to one origin may go now, and how long the others wait (client_options::rates): decisions as
/// plain functions of what went before and of now.
class origin_lane {
 public:
  /// A request that waits.
  struct ticket : detail::list_link {
    bool served = false;
  };

  enum class verdict : std::uint8_t { go, wait, refuse };

  /// At most `waiting` wait. Throws: invalid_argument for a rate that is not above 0 or a burst below 1.
  origin_lane(const request_rate& rate, std::size_t waiting)
      : bucket_(rate.per_second, rate.burst), most_waiting_(waiting) {}

  /// For a request that comes now. Told to wait, `who` is in the queue.
  verdict ask(ticket& who, time_point now) {
    if (waiting_.empty() && bucket_.take(now)) return verdict::go;
    if (count_ >= most_waiting_) return verdict::refuse;
    waiting_.push_back(who);
    ++count_;
    return verdict::wait;
  }

  /// It waits no longer; those behind it move up.
  void leave(ticket& who) noexcept {
    if (!who.linked()) return;
    who.unlink();
    --count_;
  }

  /// The next one that may go now; it has left the queue. Null when there is none.
  ticket* serve(time_point now) {
    if (waiting_.empty() || !bucket_.take(now)) return nullptr;
    ticket* const next = waiting_.pop_front();
    --count_;
    next->served = true;
    return next;
  }

  /// When serve() has somebody again; nothing when nobody waits.
  std::optional<time_point> next(time_point now) const {
    if (count_ == 0) return std::nullopt;
    return now + bucket_.wait(now);
  }

  /// Nobody goes before `when`.
  void pause_until(time_point when) { bucket_.pause_until(when); }

  /// True when forgetting it changes nothing.
  bool is_quiet(time_point now) const { return count_ == 0 && bucket_.is_full(now); }

  std::size_t waiting() const noexcept { return count_; }

 private:
  token_bucket bucket_;
  detail::list<ticket> waiting_;
  std::size_t count_ = 0;
  std::size_t most_waiting_;
};

}  // namespace braid::http
