#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <braid/runtime/resume_queue.hpp>
#include <braid/runtime/timer_queue.hpp>
#include <braid/testing/run_virtual.hpp>

namespace braid::testing {

virtual_runner::virtual_runner() : io_(std::make_unique<asio::io_context>(1)) {
  timer_queue::of(*io_).use_virtual_time();
}

virtual_runner::~virtual_runner() = default;

asio::any_io_executor virtual_runner::executor() noexcept { return io_->get_executor(); }

void virtual_runner::start(detail::root_awaitable root) {
  detail::launch(executor(), asio::cancellation_slot(), std::move(root));
}

void virtual_runner::drive(const std::function<void()>& begin, const bool& ended) {
  auto& timers = timer_queue::of(*io_);
  auto& coroutines = resume_queue::of(*io_);
  // The coroutine counts as work itself nowhere; without this an idle context would not wait for sockets and threads.
  const auto work = asio::make_work_guard(*io_);
  asio::post(*io_, begin);
  while (true) {
    io_->poll();
    if (ended) return;
    if (coroutines.awaiting_other_threads() > 0) {
      io_->run_one();
      continue;
    }
    if (grace_.count() > 0 && io_->run_one_for(grace_) > 0) continue;
    const auto next = timers.next();
    if (!next) throw deadlock("run_virtual: everything waits, and no timer is armed");
    timers.advance_to(*next);
  }
}

}  // namespace braid::testing
