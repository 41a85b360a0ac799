#pragma once

#include <memory>
#include <string>
#include <unordered_map>

#include <braid/core/url.hpp>
#include <braid/http/headers.hpp>
#include <braid/runtime/timer_queue.hpp>
#include <braid/runtime/waiter.hpp>

#include "client/origin_lane.hpp"

namespace braid::http {

/// The rates of a client's requests on one context: a lane for each origin, and a timer for each lane where somebody
/// waits. Origins that have been quiet long enough are forgotten.
///
/// Lifetime: outlives those who wait. Threads: its context.
class request_pacer {
 public:
  struct ticket : origin_lane::ticket {
    origin_lane* where = nullptr;
    waiter served_or_late;
  };

  request_pacer(const request_rates& rates, timer_queue& timers) : rates_(rates), timers_(timers) {}

  /// Told to wait, `who` is woken when it is its turn.
  origin_lane::verdict ask(const url& to, ticket& who);
  static void leave(ticket& who) noexcept {
    if (who.where) who.where->leave(who);
  }

  /// Takes up what an answer of this status says about being left alone.
  void heed(const url& to, int status, const headers& fields, wall_time wall_now);

  /// The context goes: no timer goes off any more.
  void abandon() noexcept;

 private:
  struct line : timer {
    line(const request_rate& rate, std::size_t waiting, timer_queue& queue) : lane(rate, waiting), timers(queue) {}
    origin_lane lane;
    timer_queue& timers;
  };

  line* line_of(const url& to);
  void forget_quiet();
  static void schedule(line& which);
  static void on_turn(timer& which);

  const request_rates& rates_;
  timer_queue& timers_;
  std::unordered_map<std::string, std::unique_ptr<line>> lines_;  // by origin
  std::size_t forget_at_ = 256;
};

}  // namespace braid::http
