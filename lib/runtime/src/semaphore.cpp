#include <braid/runtime/semaphore.hpp>
#include <braid/runtime/waiter.hpp>

namespace braid {

struct semaphore::candidate : detail::list_link {
  waiter turn;
};

awaitable<permit> semaphore::acquire() {
  if (available_ > 0) {
    --available_;
    co_return permit(this);
  }
  candidate self;
  line_.push_back(self);
  co_await self.turn.wait();
  co_return permit(this);
}

std::optional<permit> semaphore::try_acquire() {
  if (available_ == 0) return std::nullopt;
  --available_;
  return permit(this);
}

void semaphore::give_back() noexcept {
  // A permit goes straight to the first in line; one whose wait was cancelled cannot be woken and is passed over.
  while (candidate* next = line_.pop_front()) {
    if (next->turn.wake()) return;
  }
  ++available_;
}

}  // namespace braid
