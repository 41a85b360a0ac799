#pragma once

#include <braid/runtime/waiter.hpp>

namespace braid::detail {

/// Waits for `done` whatever happens; a cancellation, also one that came before, is passed to hook(self, type). Await
/// it with this_coro::throw_if_cancelled(false), or it is not even begun in a cancelled coroutine.
awaitable<void> join(waiter& done, waiter::cancel_hook hook, void* self);

}  // namespace braid::detail
