#pragma once

#include <array>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core/role.hpp>
#include <functional>
#include <memory>
#include <utility>

#include <braid/net/transport.hpp>
#include <braid/runtime/timer_queue.hpp>

#include "websocket/masks.hpp"

namespace braid::http {

namespace asio = boost::asio;

/// A transport as Beast's websocket wants a stream: Asio's reads and writes with any handler. It notes when bytes
/// moved.
class transport_stream {
 public:
  using executor_type = asio::any_io_executor;

  transport_stream(std::unique_ptr<net::transport> stream, executor_type executor)
      : stream_(std::move(stream)), executor_(std::move(executor)), timers_(&timer_queue::of(executor_)) {
    heard_ = sent_ = timers_->now();
  }

  executor_type get_executor() const noexcept { return executor_; }
  net::transport& below() noexcept { return *stream_; }

  /// When a byte came, and when one left, for the last time.
  time_point heard() const noexcept { return heard_; }
  time_point sent() const noexcept { return sent_; }
  /// Bytes that came; `then` is called when there are more, before who reads has them.
  std::uint64_t received() const noexcept { return received_; }
  void on_received(std::function<void()> then) { on_received_ = std::move(then); }

  template <class Buffers, class Handler>
  auto async_read_some(const Buffers& into, Handler&& handler) {
    asio::mutable_buffer first;
    for (auto at = asio::buffer_sequence_begin(into); at != asio::buffer_sequence_end(into) && first.size() == 0;
         ++at) {
      first = *at;
    }
    return asio::async_initiate<Handler, signature>(
        [this](auto done, asio::mutable_buffer space) { this->start_read(std::move(done), space); }, handler, first);
  }

  template <class Buffers, class Handler>
  auto async_write_some(const Buffers& from, Handler&& handler) {
    pieces list;
    std::size_t count = 0;
    for (auto at = asio::buffer_sequence_begin(from); at != asio::buffer_sequence_end(from) && count < list.size();
         ++at) {
      list[count++] = *at;
    }
    return asio::async_initiate<Handler, signature>(
        [this, count](auto done, const pieces& what) { this->start_write(std::move(done), what, count); }, handler,
        list);
  }

 private:
  using signature = void(boost::system::error_code, std::size_t);
  using pieces = std::array<asio::const_buffer, 8>;

  template <class Handler>
  class transfer final : public net::operation {
   public:
    transfer(transport_stream& owner, time_point transport_stream::*moved, Handler&& handler)
        : operation(&ended), owner_(owner), moved_(moved), handler_(std::move(handler)) {}

    void complete_later(std::unique_ptr<transfer> self) {
      asio::post(executor(), [self = std::move(self)]() mutable { finish(std::move(self)); });
    }

    pieces list;

   private:
    static void ended(net::operation& op, bool abandoned) {
      std::unique_ptr<transfer> self(static_cast<transfer*>(&op));
      if (!abandoned) finish(std::move(self));
    }
    static void finish(std::unique_ptr<transfer> self) {
      if (self->result.size > 0) self->owner_.note(self->moved_, self->result.size);
      const net::io_result result = self->result;
      Handler handler(std::move(self->handler_));
      self.reset();  // its memory serves the handler's next operation
      std::move(handler)(result.error, result.size);
    }

    transport_stream& owner_;
    time_point transport_stream::*moved_;
    Handler handler_;
  };

  void note(time_point transport_stream::*moved, std::size_t bytes) {
    this->*moved = timers_->now();
    if (moved != &transport_stream::heard_) return;
    received_ += bytes;
    if (on_received_) on_received_();
  }

  template <class Handler>
  void start_read(Handler done, asio::mutable_buffer space) {
    auto op = std::make_unique<transfer<Handler>>(*this, &transport_stream::heard_, std::move(done));
    op->set_executor(executor_);
    op->into = space;
    if (stream_->try_read(*op)) {
      transfer<Handler>& it = *op;
      return it.complete_later(std::move(op));
    }
    stream_->start_read(*op.release());
  }

  template <class Handler>
  void start_write(Handler done, const pieces& what, std::size_t count) {
    masks_taken(1);  // a write holds one frame, or the rest of one
    auto op = std::make_unique<transfer<Handler>>(*this, &transport_stream::sent_, std::move(done));
    op->set_executor(executor_);
    op->list = what;
    op->from = std::span<const asio::const_buffer>(op->list.data(), count);
    if (stream_->try_write(*op)) {
      transfer<Handler>& it = *op;
      return it.complete_later(std::move(op));
    }
    stream_->start_write(*op.release());
  }

  std::unique_ptr<net::transport> stream_;
  executor_type executor_;
  timer_queue* timers_;
  time_point heard_;
  time_point sent_;
  std::uint64_t received_ = 0;
  std::function<void()> on_received_;
};

// How Beast ends a stream, found by the type's namespace.

template <class Handler>
void async_teardown(boost::beast::role_type, transport_stream& stream, Handler&& handler) {
  stream.below().close();
  asio::post(stream.get_executor(),
             [done = std::forward<Handler>(handler)]() mutable { std::move(done)(boost::system::error_code()); });
}

inline void beast_close_socket(transport_stream& stream) { stream.below().close(); }

}  // namespace braid::http
