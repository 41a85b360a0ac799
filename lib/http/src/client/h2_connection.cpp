#include "client/h2_connection.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>

#include "client/pool.hpp"

namespace braid::http {

namespace {

namespace asio = boost::asio;

constexpr std::size_t most_at_once = 64 * 1024;  // bytes of one write
constexpr unsigned turns = 4;                    // reads or writes before others have theirs
/// How long a connection reads on after its last request, so that requests that follow each other do not start anew.
constexpr duration linger = std::chrono::milliseconds(100);

h2::session_limits limits_of(const client_options& options) {
  h2::session_limits out;
  out.header_bytes = options.limits.header_bytes;
  out.header_count = options.limits.header_count;
  out.informational = options.limits.informational;
  out.stream_window = options.http2.window;
  out.streams = options.http2.streams;
  return out;
}

}  // namespace

void h2_connection::transfer::ended(net::operation& self, bool abandoned) {
  auto& mine = static_cast<transfer&>(self);
  const std::shared_ptr<h2_connection> keep = std::move(mine.held_);
  if (!abandoned && !keep->gone_) (keep.get()->*mine.then_)();
}

h2_connection::h2_connection(client_pool& pool, std::unique_ptr<net::transport> stream,
                             const asio::any_io_executor& executor, const client_options& options, h2::beginning how)
    : pool_(&pool),
      stream_(std::move(stream)),
      // A request's executor may count as work for as long as somebody has it; a connection that rests is none.
      executor_(asio::prefer(executor, asio::execution::outstanding_work.untracked)),
      timers_(pool.timers()),
      session_(limits_of(options), how),
      liveness_(options.http2.ping_after, options.http2.ping_timeout, timers_.now()),
      reading_(*this, &h2_connection::on_read),
      writing_(*this, &h2_connection::on_written) {
  watch_.owner = this;
  reading_.set_executor(executor_);
  writing_.set_executor(executor_);
}

h2_connection::~h2_connection() = default;

void h2_connection::start() {
  flush();
  read();
}

void h2_connection::adopt(h2_stream& first, std::string_view received) {
  session_.adopt(first);
  session_.receive(received);
  tell();
  if (session_.over()) return flush();
  start();
  schedule();
}

// --- requests --------------------------------------------------------------------------------------------------------

bool h2_connection::is_usable() {
  if (!retired && !is_reading()) {
    // It rested. What a server says to a connection without requests is mostly that it closes.
    if (stream_->is_open() && stream_->is_quiet()) {
      read();
    } else {
      lose("closed by the server");
    }
  }
  if (retired) return false;
  const time_point now = timers_.now();
  if (streams == 1) {
    if (liveness_.doubtful(now)) {
      session_.ping();
      liveness_.asked(now);
    } else {
      liveness_.resumed(now);
    }
    schedule();
  }
  return true;
}

bool h2_connection::open(h2_stream& stream, const h2::request_head& head, std::string_view body, bool last) {
  const bool opened = !gone_ && session_.open(stream, head, body, last);
  if (opened) {
    flush();
    schedule();
  }
  tell();
  return opened;
}

h2::stream::event h2_connection::next(h2_stream& stream) {
  const h2::stream::event what = stream.next();
  if (session_.wants_output()) flush();
  return what;
}

void h2_connection::send(h2_stream& stream, std::string_view piece, bool last) {
  stream.send(piece, last);
  flush();
}

void h2_connection::close(h2_stream& stream) noexcept {
  session_.close(stream);
  if (!gone_ && session_.wants_output()) flush();
}

void h2_connection::rest() noexcept {
  rested_ = timers_.now();
  schedule();
}

void h2_connection::shut() noexcept {
  pool_ = nullptr;
  if (gone_) return;
  gone_ = true;
  watch_.disarm();
  session_.end("the connection was closed");
  stream_->close();
}

void h2_connection::abandon() noexcept {
  pool_ = nullptr;
  gone_ = true;
  watch_.disarm();
}

// --- reads and writes ------------------------------------------------------------------------------------------------

void h2_connection::read() {
  for (unsigned turn = 0; turn < turns; ++turn) {
    input_.put_back();
    reading_.room = stream_->takes_room_late() ? &input_ : nullptr;
    reading_.into = reading_.room ? boost::asio::mutable_buffer() : input_.take();
    reading_.result = {};
    if (!stream_->try_read(reading_)) {
      reading_.hold();
      return stream_->start_read(reading_);
    }
    if (!take_input()) return;
  }
  // There is always more: others go first.
  yielding_ = true;
  asio::post(executor_, [self = shared_from_this()] {
    self->yielding_ = false;
    if (!self->gone_) self->read();
  });
}

void h2_connection::on_read() {
  const bool paused = pausing_ && reading_.result.error == asio::error::operation_aborted;
  pausing_ = false;
  if (!paused && !take_input()) return;
  if (streams > 0 || !paused) read();
}

/// False when nothing more is to be read.
bool h2_connection::take_input() {
  const net::io_result& got = reading_.result;
  if (got.error) {
    lose(got.error == asio::error::eof ? "closed by the server" : got.error.message());
    return false;
  }
  if (got.size > 0) {
    liveness_.heard(timers_.now());
    input_.commit(got.size);
    session_.receive(input_.view());
    input_.consume(got.size);
  }
  if (session_.wants_output()) flush();
  tell();
  if (session_.over() && !session_.wants_output()) stream_->close();
  return !session_.over() && !gone_;
}

void h2_connection::flush() noexcept {
  if (flush_posted_ || gone_ || writing_.under_way()) return;
  flush_posted_ = true;
  asio::post(executor_, [self = shared_from_this()] {
    self->flush_posted_ = false;
    self->write();
  });
}

void h2_connection::write() {
  if (writing_.under_way()) return;
  for (unsigned turn = 0; turn < turns && !gone_; ++turn) {
    output_.clear();
    if (!session_.output(output_, most_at_once)) tell();
    if (output_.empty()) {
      if (session_.over()) stream_->close();
      return;
    }
    piece_[0] = asio::const_buffer(output_.data(), output_.size());
    writing_.from = piece_;
    writing_.result = {};
    if (!stream_->try_write(writing_)) {
      writing_.hold();
      return stream_->start_write(writing_);
    }
    if (writing_.result.error) return lose(writing_.result.error.message());
    tell();
  }
  flush();
}

void h2_connection::on_written() {
  if (writing_.result.error) return lose(writing_.result.error.message());
  tell();
  write();
}

/// Passes on what the session has come to.
void h2_connection::tell() {
  while (h2::stream* const one = session_.take_changed()) static_cast<h2_stream*>(one)->changed.wake();
  if (!pool_) return;
  if (session_.draining()) {
    if (!retired) pool_->retire(*this);
  } else if (!retired && session_.capacity() != capacity) {
    pool_->resize(*this, session_.capacity());
  }
}

void h2_connection::lose(std::string_view why) {
  if (session_.wants_output()) {
    // A mistake of the server's, of which nobody can tell it any more, is the better reason.
    std::string farewell;
    session_.output(farewell, most_at_once);
  }
  session_.end(why);
  watch_.disarm();
  stream_->close();
  tell();
}

// --- time ------------------------------------------------------------------------------------------------------------

void h2_connection::schedule() {
  const time_point when = streams > 0 ? liveness_.next() : rested_ + linger;
  if (gone_ || session_.over() || when == time_point::max()) return;
  if (!watch_.armed() || when < watch_.when()) watch_.arm(timers_, when, &h2_connection::on_watch);
}

void h2_connection::on_watch(timer& which) {
  const auto self = static_cast<watch&>(which).owner->shared_from_this();
  self->check();
}

void h2_connection::check() {
  const time_point now = timers_.now();
  if (streams == 0) {
    if (yielding_) rested_ = now;
    if (now - rested_ < linger) return schedule();
    if (!reading_.under_way()) return;
    pausing_ = true;
    return stream_->cancel(reading_);
  }
  switch (liveness_.check(now)) {
    case h2::liveness::verdict::dead:
      return lose("no answer to a PING");
    case h2::liveness::verdict::ask:
      session_.ping();
      liveness_.asked(now);
      flush();
      break;
    case h2::liveness::verdict::alive:
      break;
  }
  schedule();
}

}  // namespace braid::http
