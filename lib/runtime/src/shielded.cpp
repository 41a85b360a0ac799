#include <boost/asio/cancellation_signal.hpp>
#include <braid/runtime/detail/launch.hpp>
#include <braid/runtime/shielded.hpp>
#include <braid/runtime/timeout.hpp>
#include <braid/runtime/waiter.hpp>

namespace braid::detail {

namespace {

// The waiter calls it with `true`, which nobody looks at.
using handler = asio::detail::awaitable_async_op_handler<void(bool), asio::any_io_executor>;

}  // namespace

struct shielded_operation::state {
  state(awaitable<void> what, duration time, std::exception_ptr* where)
      : cleanup(std::move(what)), limit(time), failure(where) {}
  awaitable<void> cleanup;
  duration limit;
  std::exception_ptr* failure;
  asio::cancellation_signal never;
  handler::result_type ignored{};
  waiter done;
};

shielded_operation::shielded_operation(awaitable<void> cleanup, duration limit, std::exception_ptr* failure)
    : state_(std::make_unique<state>(std::move(cleanup), limit, failure)) {}
shielded_operation::shielded_operation(shielded_operation&&) noexcept = default;
shielded_operation::~shielded_operation() = default;

shielded_operation::thread* shielded_operation::operator()(frame* parent) {
  state* s = state_.get();
  handler back(parent->detach_thread(), s->ignored);
  const auto executor = back.get_executor();
  // Registered first: the clean-up may end without suspending.
  s->done.wait_and_tell([](void*, asio::cancellation_type_t) {}, nullptr)(std::move(back));
  launch(executor, s->never.slot(),
         run_and_tell([s] { return with_timeout(s->limit, std::move(s->cleanup), "clean-up"); },
                      [s](std::exception_ptr error) {
                        if (s->failure) *s->failure = std::move(error);
                        s->done.wake();
                      }));
  return nullptr;
}

}  // namespace braid::detail
