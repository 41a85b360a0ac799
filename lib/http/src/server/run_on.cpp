#include "server/run_on.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <exception>
#include <memory>
#include <mutex>

#include <braid/runtime/waiter.hpp>

namespace braid::http {

namespace {

struct errand : std::enable_shared_from_this<errand> {
  boost::asio::any_io_executor where;
  std::function<boost::asio::awaitable<void>()> what;
  boost::asio::cancellation_signal cancel;  // touched there, once started
  std::mutex mutex;                         // keeps `done` alive while the other thread wakes it
  waiter done;
  std::exception_ptr failure;

  void finish(const std::exception_ptr& with) {
    const std::lock_guard lock(mutex);
    failure = with;
    done.wake_from_other_thread();
  }
  static void pass_on(void* self, boost::asio::cancellation_type) {
    auto shared = static_cast<errand*>(self)->shared_from_this();
    boost::asio::post(shared->where, [shared] { shared->cancel.emit(boost::asio::cancellation_type::terminal); });
  }
};

}  // namespace

boost::asio::awaitable<void> run_on(boost::asio::any_io_executor where,
                                    std::function<boost::asio::awaitable<void>()> what) {
  const auto shared = std::make_shared<errand>();
  shared->where = std::move(where);
  shared->what = std::move(what);
  shared->done.expect_other_thread();
  boost::asio::co_spawn(shared->where, shared->what(),
                        boost::asio::bind_cancellation_slot(
                            shared->cancel.slot(), [shared](const std::exception_ptr& with) { shared->finish(with); }));
  co_await shared->done.wait_and_tell(&errand::pass_on, shared.get());
  const std::lock_guard lock(shared->mutex);
  if (shared->failure) std::rethrow_exception(shared->failure);
}

}  // namespace braid::http
