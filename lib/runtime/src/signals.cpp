#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/this_coro.hpp>
#include <braid/core/error.hpp>
#include <braid/runtime/detail/context_service.hpp>
#include <braid/runtime/detail/list.hpp>
#include <braid/runtime/signals.hpp>
#include <braid/runtime/task_group.hpp>
#include <braid/runtime/waiter.hpp>
#include <csignal>
#include <utility>
#include <vector>

#include "uncounted_work.hpp"

namespace braid {

namespace {

/// One coroutine that waits for the n-th signal.
struct listener : detail::list_link {
  waiter turn;
};

}  // namespace

struct interrupt::state : std::enable_shared_from_this<state> {
  explicit state(asio::io_context& context) : io(context), signals(context, SIGINT, SIGTERM) {}

  asio::io_context& io;
  asio::signal_set signals;
  std::atomic<int> count = 0;
  struct stage {
    std::vector<std::function<void()>> callbacks;
    detail::list<listener> listeners;
  } stages[2];

  void listen() {
    signals.async_wait([self = shared_from_this()](const boost::system::error_code& failure, int) {
      detail::count_again(self->io);
      if (failure) return;
      self->notify();
      if (self->count < 2) {
        self->listen();
      } else {
        boost::system::error_code ignored;
        self->signals.clear(ignored);
      }
    });
    detail::do_not_count(io);
  }

  void notify() {
    const int nth = count.load();
    if (nth >= 2) return;
    count = nth + 1;
    auto& now = stages[nth];
    while (listener* next = now.listeners.pop_front()) next->turn.wake();
    for (auto& callback : std::exchange(now.callbacks, {})) callback();
  }

  void call_at(int nth, std::function<void()> callback) {
    if (count > nth) return callback();
    stages[nth].callbacks.push_back(std::move(callback));
  }

  awaitable<void> wait_for(int nth) {
    if (count > nth) co_return;
    listener self;
    stages[nth].listeners.push_back(self);
    co_await self.turn.wait();
  }
};

interrupt::interrupt(const asio::any_io_executor& executor)
    : state_(std::make_shared<state>(static_cast<asio::io_context&>(detail::context_of(executor)))) {
  state_->listen();
}

interrupt::~interrupt() {
  boost::system::error_code ignored;
  state_->signals.clear(ignored);  // gives the signals their default effect back, and ends listen()
  state_->signals.cancel(ignored);
  for (auto& stage : state_->stages) stage.callbacks.clear();
}

bool interrupt::requested() const noexcept { return state_->count > 0; }
bool interrupt::cancelled() const noexcept { return state_->count > 1; }
void interrupt::on_request(std::function<void()> callback) { state_->call_at(0, std::move(callback)); }
void interrupt::on_cancel(std::function<void()> callback) { state_->call_at(1, std::move(callback)); }
awaitable<void> interrupt::wait() { return state_->wait_for(0); }
void interrupt::notify() { state_->notify(); }

awaitable<void> interrupt::cancels(awaitable<void> operation) {
  bool stopped = false;
  const auto body = [&](task_group& group) -> awaitable<void> {
    group.spawn([&, this]() -> awaitable<void> {
      co_await state_->wait_for(1);
      stopped = true;
      group.cancel();
    });
    co_await std::move(operation);
    group.cancel();
  };
  co_await with_task_group(body);
  if (stopped) throw boost::system::system_error(asio::error::operation_aborted, "interrupted");
}

}  // namespace braid
