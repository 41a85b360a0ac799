#pragma once

#include <chrono>

namespace braid {

/// The clock of every deadline and wait. What "now" is comes from the timer_queue of the context that asks, so that
/// tests can stand in virtual time; nothing in braid calls clock::now() where a context is at hand.
using clock = std::chrono::steady_clock;
using time_point = clock::time_point;
using duration = clock::duration;

/// The time of day, for what carries a date: cookies, cached responses. Never for a wait.
using wall_time = std::chrono::system_clock::time_point;

}  // namespace braid
