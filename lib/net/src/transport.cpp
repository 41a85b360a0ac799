#include <braid/net/transport.hpp>

namespace braid::net {

namespace asio = boost::asio;

namespace {

/// Put into the coroutine's cancellation slot while it waits.
struct canceller {
  transport* stream;
  operation* op;

  void operator()(asio::cancellation_type_t type) const noexcept {
    if (type != asio::cancellation_type::none) stream->cancel(*op);
  }
};

}  // namespace

bool io_wait::try_now() {
  switch (kind_) {
    case kind::read:
      return stream_->try_read(*this);
    case kind::write:
      return stream_->try_write(*this);
    case kind::shutdown:
      return stream_->try_shutdown(*this);
  }
  return false;
}

void io_wait::start() {
  switch (kind_) {
    case kind::read:
      return stream_->start_read(*this);
    case kind::write:
      return stream_->start_write(*this);
    case kind::shutdown:
      return stream_->start_shutdown(*this);
  }
}

void io_wait::finish(operation& self, bool abandoned) {
  auto& wait = static_cast<io_wait&>(self);
  // The coroutine owns *this: its handle leaves first.
  detail::suspended waiter = std::move(*wait.waiter_);
  wait.waiter_.reset();
  if (!abandoned) waiter.resume(wait.slot_taken_);
}

detail::suspended::thread* io_wait::starter::operator()(detail::suspended::frame* frame) const {
  io_wait& wait = *wait_;
  auto* thread = frame->detach_thread();
  const asio::cancellation_state state = thread->get_cancellation_state();
  if (state.cancelled() != asio::cancellation_type::none) {
    wait.result.error = asio::error::operation_aborted;
    frame->attach_thread(thread);
    return nullptr;
  }
  if (wait.try_now()) {
    // Still attached to the thread that runs us: it goes on with the coroutine by itself.
    frame->attach_thread(thread);
    return nullptr;
  }
  wait.executor_ = thread->get_executor();
  asio::cancellation_slot slot = state.slot();
  // From here on the coroutine may be resumed on another thread, so everything is in place before the start.
  wait.waiter_.emplace(thread, frame);
  wait.slot_taken_ = slot.is_connected();
  if (wait.slot_taken_) slot.emplace<canceller>(canceller{wait.stream_, wait_});
  wait.start();
  return nullptr;
}

asio::awaitable<io_result> transport::read_some(asio::mutable_buffer into) {
  io_wait io;
  co_await io.read_some(*this, into);
  co_return io.result;
}

asio::awaitable<io_result> transport::write(std::span<const asio::const_buffer> buffers) {
  io_wait io;
  co_await io.write(*this, buffers);
  co_return io.result;
}

asio::awaitable<io_result> transport::write(asio::const_buffer buffer) {
  io_wait io;
  co_await io.write(*this, std::span(&buffer, 1));
  co_return io.result;
}

asio::awaitable<io_result> transport::shutdown_send() {
  io_wait io;
  co_await io.shutdown_send(*this);
  co_return io.result;
}

}  // namespace braid::net
