#pragma once

#include <braid/core/clock.hpp>
#include <braid/runtime/awaitable.hpp>

namespace braid {

/// Waits on the clock of the context that runs the coroutine (see timer_queue), which may be a virtual one.
///
/// Cancellation: throws operation_aborted at once.
awaitable<void> sleep_for(duration time);
awaitable<void> sleep_until(time_point when);

/// The time by the clock of the context.
awaitable<time_point> now();

/// Lets everything else that is ready run first.
awaitable<void> yield();

}  // namespace braid
