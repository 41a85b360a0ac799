#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/error.hpp>
#include <cstddef>
#include <optional>
#include <span>
#include <utility>

namespace braid::net {

class transport;

/// How a read or a write ended. `size` counts the bytes moved even where `error` is set.
struct io_result {
  boost::system::error_code error;
  std::size_t size = 0;

  bool ok() const noexcept { return !error; }
};

/// Room for a read that is found when the bytes are there, so that a stream that waits holds no memory.
///
/// Threads: called on the thread that reads. Neither function may throw anything but std::bad_alloc.
class late_buffer {
 public:
  /// Room for what is about to be read, at least one byte.
  virtual boost::asio::mutable_buffer take() = 0;
  /// Nothing was there after all, or nothing is to be expected for a while.
  virtual void put_back() noexcept = 0;

 protected:
  ~late_buffer() = default;
};

/// One read, write or shutdown that a transport carries out: what to move, how far it got, whom to tell.
///
/// Those who use a transport need not look at this class; those who write one get it in try_... and start_...
/// Lifetime: stays where it is, and alive, from start_... until complete() or abandon(), one of which comes exactly
/// once.
class operation {
 public:
  using finish_function = void (*)(operation&, bool abandoned);

  operation(const operation&) = delete;
  operation& operator=(const operation&) = delete;

  boost::asio::mutable_buffer into;                 ///< where a read puts bytes
  late_buffer* room = nullptr;                      ///< or where it asks for `into`, which is empty until then
  std::span<const boost::asio::const_buffer> from;  ///< what a write sends
  io_result result;                                 ///< result.size grows as a write proceeds

  /// Where complete() must be called: inside this executor, never from within start_...
  const boost::asio::any_io_executor& executor() const noexcept { return executor_; }
  /// For transports: makes `into` ready for bytes that may have come.
  void take_room() {
    if (room) into = room->take();
  }
  /// And this, if none had.
  void put_room_back() noexcept {
    if (!room) return;
    room->put_back();
    into = {};
  }
  void set_executor(const boost::asio::any_io_executor& executor) { executor_ = executor; }

  /// Tells the waiter; nothing of the operation may be touched afterwards.
  void complete(boost::system::error_code error) {
    result.error = error;
    finish_(*this, false);
  }

  /// The execution context is being destroyed and nothing will run on it any more: lets go of the waiter.
  void abandon() { finish_(*this, true); }

 protected:
  explicit operation(finish_function finish) noexcept : finish_(finish) {}
  ~operation() = default;

  boost::asio::any_io_executor executor_;

 private:
  finish_function finish_;
};

namespace detail {

/// A suspended coroutine that can be resumed without a frame of its own in between.
///
/// It stands on boost::asio::detail: Asio's use_awaitable takes a coroutine frame for every operation, which at two
/// operations a request was a tenth of the whole budget. `co_await` of a function of the frame is how use_awaitable
/// itself is made.
class suspended : boost::asio::detail::awaitable_thread<boost::asio::any_io_executor> {
 public:
  using thread = boost::asio::detail::awaitable_thread<boost::asio::any_io_executor>;
  using frame = boost::asio::detail::awaitable_frame_base<boost::asio::any_io_executor>;

  suspended(thread* from, frame* top) noexcept : thread(std::move(*from)), frame_(top) {}
  suspended(suspended&&) noexcept = default;

  void resume(bool clear_slot) {
    frame_->attach_thread(this);
    if (clear_slot) frame_->clear_cancellation_slot();
    pump();
  }

 private:
  frame* frame_;
};

}  // namespace detail

/// An operation that a coroutine waits for without allocating:
///
///     io_wait io;
///     co_await io.read_some(stream, buffer);
///     if (io.result.error) ...
///
/// One object serves any number of operations, one after the other.
///
/// Cancellation: cancelling the coroutine cancels the operation, whose result is then operation_aborted (nothing is
/// thrown here; the next co_await of an awaitable throws). An operation begun after the cancellation ends at once.
class io_wait : public operation {
 public:
  io_wait() noexcept : operation(&finish) {}

  class starter;
  inline starter read_some(transport& stream, boost::asio::mutable_buffer into);
  /// Reads into what `room` has when the bytes have come, which is told to put back what it holds before the wait.
  inline starter read_some(transport& stream, late_buffer& room);
  inline starter write(transport& stream, std::span<const boost::asio::const_buffer> from);
  inline starter shutdown_send(transport& stream);

 private:
  enum class kind : unsigned char { read, write, shutdown };

  bool try_now();
  void start();
  static void finish(operation& self, bool abandoned);

  transport* stream_ = nullptr;
  std::optional<detail::suspended> waiter_;
  kind kind_ = kind::read;
  bool slot_taken_ = false;
};

/// What io_wait's functions return, to be awaited at once.
class io_wait::starter {
 public:
  explicit starter(io_wait& wait) noexcept : wait_(&wait) {}

  detail::suspended::thread* operator()(detail::suspended::frame* frame) const;

 private:
  io_wait* wait_;
};

}  // namespace braid::net
