#include "server/h2_connection.hpp"

#include <array>
#include <braid/core/error.hpp>
#include <span>

#include "server/connection.hpp"
#include "server/h2_exchange.hpp"

namespace braid::http {
namespace {

namespace asio = boost::asio;

constexpr std::size_t most_at_once = 64 * 1024;  // bytes of one write

h2_server_limits limits_of(const server_options& options) {
  h2_server_limits out;
  out.header_bytes = options.limits.header_bytes;
  out.header_count = options.limits.header_count;
  out.body_bytes = options.limits.body_bytes;
  out.streams = options.limits.streams;
  return out;
}

}  // namespace

h2_server_connection::h2_server_connection(net::transport& stream, const server_shared& shared,
                                           const asio::any_io_executor& executor)
    : stream_(stream),
      shared_(shared),
      executor_(executor),
      timers_(timer_queue::of(executor)),
      session_(limits_of(shared.options)) {
  deadline_.owner = write_deadline_.owner = this;
}

asio::awaitable<void> h2_server_connection::run(std::string_view first) {
  session_.receive(first, timers_.now());
  co_await with_task_group([this](task_group& group) -> asio::awaitable<void> {
    group.spawn(write_all(), "writer");
    start_requests(group);
    co_await read_all(group);
    ended_ = true;
    deadline_.disarm();
    pump();
    co_await written_.wait();  // the farewell; who does not take it is given up by the writer
    group.cancel();
  });
}

void h2_server_connection::drain() {
  if (draining_) return;
  draining_ = true;
  session_.announce_end();
  pump();
  arm();
}

// --- time ------------------------------------------------------------------------------------------------------------

/// Between requests a client may rest, in the middle of a header it may not.
void h2_server_connection::arm() {
  const auto& times = shared_.options.timeouts;
  const bool in_header = session_.in_header();
  if (in_header && in_header_ && deadline_.armed()) return;  // the bound is on the whole header
  in_header_ = in_header;
  if (in_header || session_.live() == 0) {
    const duration bound = in_header ? times.header : draining_ ? duration::zero() : times.idle;
    deadline_.arm(timers_, timers_.now() + bound, [](timer& which) {
      auto& self = *static_cast<deadline&>(which).owner;
      if (self.reading_) self.stream_.cancel(self.read_);
    });
  } else {
    deadline_.disarm();
  }
}

void h2_server_connection::pump() {
  if (ended_ || session_.wants_output()) to_write_.wake();
}

// --- reading and writing ---------------------------------------------------------------------------------------------

asio::awaitable<void> h2_server_connection::read_all(task_group& group) {
  while (!session_.over()) {
    if (session_.requests() >= shared_.options.limits.requests) drain();
    pump();
    arm();
    reading_ = true;
    co_await read_.read_some(stream_, input_);
    reading_ = false;
    if (!read_.result.ok()) break;
    input_.commit(read_.result.size);
    session_.receive(input_.view(), timers_.now());
    input_.consume(read_.result.size);
    start_requests(group);
  }
  session_.go_away();
}

void h2_server_connection::start_requests(task_group& group) {
  while (auto request = session_.take_request()) group.spawn(answer(std::move(request)), "request");
}

/// Everything that several requests have to say in one turn leaves in one write.
asio::awaitable<void> h2_server_connection::write_all() {
  for (;;) {
    output_.clear();
    session_.output(output_, most_at_once);
    if (output_.empty()) {
      if (ended_ || session_.over()) break;
      co_await to_write_.wait();
      continue;
    }
    const std::array<asio::const_buffer, 1> pieces{asio::const_buffer(output_.data(), output_.size())};
    const std::span<const asio::const_buffer> all(pieces);
    write_deadline_.arm(timers_, timers_.now() + shared_.options.timeouts.write, [](timer& which) {
      auto& self = *static_cast<deadline&>(which).owner;
      self.stream_.cancel(self.write_);
    });
    co_await write_.write(stream_, all);
    write_deadline_.disarm();
    if (!write_.result.ok()) break;
  }
  // Who neither reads nor is read from is gone.
  ended_ = true;
  if (reading_) stream_.cancel(read_);
  written_.wake();
}

// --- requests --------------------------------------------------------------------------------------------------------

asio::awaitable<void> h2_server_connection::answer(std::unique_ptr<h2_server_stream> request) {
  h2_exchange exchange(*this, *request);
  std::exception_ptr failure;
  try {
    co_await exchange.run();
  } catch (...) {
    failure = std::current_exception();
  }
  session_.close(*request);
  pump();
  if (session_.live() == 0) arm();
  if (is_cancelled(failure)) std::rethrow_exception(failure);
}

}  // namespace braid::http
