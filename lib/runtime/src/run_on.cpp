#include <boost/asio/io_context.hpp>
#include <boost/asio/prefer.hpp>
#include <braid/runtime/run_on.hpp>

namespace braid::detail {

errand::errand(asio::any_io_executor executor) {
  if (executor.target<asio::io_context::executor_type>()) queue = &resume_queue::of(context_of(executor));
  there = asio::prefer(std::move(executor), asio::execution::outstanding_work.tracked);
  back.expect_other_thread();
}

asio::any_io_executor errand::plain_executor() const {
  return asio::prefer(there, asio::execution::outstanding_work.untracked);
}

void errand::post_cancel(const std::shared_ptr<errand>& self, asio::cancellation_type_t type) {
  // Posted after the start, so it finds the child begun; whether it has ended is known on its own thread only.
  self->post([self, type] {
    if (!self->ended) self->signal.emit(type);
  });
}

void errand::finish(std::exception_ptr error) {
  failure = std::move(error);
  ended = true;
  back.wake_from_other_thread();
}

}  // namespace braid::detail
