#include <braid/core/error.hpp>

#include "server/connection.hpp"

// What a connection sends: replies, refusals, and its farewell.

namespace braid::http {

namespace {

constexpr std::size_t small_body = 16 * 1024;   // up to here a copy is cheaper than a second buffer in the send
constexpr std::size_t kept_output = 64 * 1024;  // room that stays with the connection
constexpr std::size_t linger_bytes = 1 << 20;

}  // namespace

boost::asio::awaitable<bool> server_connection::send(std::span<const boost::asio::const_buffer> pieces) {
  enter(phase::write);
  co_await write_.write(*stream_, pieces);
  co_return write_.result.ok();
}

boost::asio::awaitable<bool> server_connection::send_reply(reply& answer, const reply_encoder::plan& how) {
  output_.clear();
  encoder_.head(output_, answer, how, version(), std::time(nullptr));
  const bool has_body = method() != "HEAD" && how.body != reply_encoder::framing::none;
  if (has_body && answer.stream_) {
    framing_ = how.body;
    stream_left_ = answer.length_.value_or(0);
    co_await answer.stream_(static_cast<reply_stream&>(*this));
    if (framing_ == reply_encoder::framing::chunked) {
      output_ += reply_encoder::last_chunk;
    } else if (framing_ == reply_encoder::framing::length && stream_left_ > 0) {
      co_return false;  // the peer must see that the body is cut off
    }
    if (output_.empty()) co_return true;
  }
  std::array<boost::asio::const_buffer, 2> pieces;
  std::size_t count = 1;
  if (has_body && !answer.stream_) {
    const std::string_view body = answer.body();
    if (body.size() <= small_body) {
      output_ += body;
    } else {
      pieces[count++] = boost::asio::const_buffer(body.data(), body.size());
    }
  }
  pieces[0] = boost::asio::const_buffer(output_.data(), output_.size());
  const std::span<const boost::asio::const_buffer> all(pieces.data(), count);
  const bool sent = co_await send(all);
  if (output_.capacity() > kept_output) {
    output_.clear();
    output_.shrink_to_fit();
  }
  co_return sent;
}

/// reply_stream: the head goes out with the first piece.
boost::asio::awaitable<void> server_connection::write(std::string_view piece) {
  if (piece.empty() && output_.empty()) co_return;
  const bool chunked = framing_ == reply_encoder::framing::chunked && !piece.empty();
  if (framing_ == reply_encoder::framing::length) {
    if (piece.size() > stream_left_) throw invalid_argument("reply: a stream wrote more than the length it named");
    stream_left_ -= piece.size();
  }
  if (chunked) reply_encoder::chunk_begin(output_, piece.size());
  const std::array<boost::asio::const_buffer, 3> pieces{
      boost::asio::const_buffer(output_.data(), output_.size()), boost::asio::const_buffer(piece.data(), piece.size()),
      boost::asio::const_buffer(reply_encoder::chunk_end.data(), chunked ? reply_encoder::chunk_end.size() : 0)};
  const bool sent = co_await send(pieces);
  output_.clear();
  if (!sent) {
    if (expired_ == phase::write) throw timeout_error("reply: the peer stopped reading", "write");
    throw connection_lost("reply: the peer has gone");
  }
  enter(phase::handler);
}

boost::asio::awaitable<void> server_connection::refuse(int status, std::string_view reason) {
  expired_ = phase::none;
  reply answer(status, std::string(reason) + "\n", "text/plain; charset=utf-8");
  reply_encoder::plan how;
  how.body = reply_encoder::framing::length;
  output_.clear();
  encoder_.head(output_, answer, how, 11, std::time(nullptr));
  output_ += answer.body();
  const std::array<boost::asio::const_buffer, 1> pieces{boost::asio::const_buffer(output_.data(), output_.size())};
  const bool sent = co_await send(pieces);
  if (sent) co_await say_goodbye(true);
}

/// Closes so that the peer gets the last reply. A socket closed while unread bytes wait in it sends a reset, which
/// can overtake the reply: `linger` reads on until the peer has closed too, within bounds.
boost::asio::awaitable<void> server_connection::say_goodbye(bool linger) {
  enter(phase::linger);
  co_await write_.shutdown_send(*stream_);
  std::size_t read = 0;
  while (linger && write_.result.ok() && read < linger_bytes) {
    input_.consume(input_.view().size());
    co_await read_.read_some(*stream_, input_);
    if (!read_.result.ok()) break;
    input_.commit(read_.result.size);
    read += read_.result.size;
  }
}

}  // namespace braid::http
