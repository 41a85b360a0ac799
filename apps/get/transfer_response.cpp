// The responses of a transfer, one after another, and the last one's body.
#include <braid/core/error.hpp>
#include <braid/runtime/sleep.hpp>
#include <braid/runtime/timeout.hpp>

#include "get_error.hpp"
#include "speed.hpp"
#include "transfer.hpp"

namespace braid::get {

namespace {

constexpr std::uint64_t skipped_body = 1 << 20;  // of a response that is not wanted: rather a new connection than more

}  // namespace

/// Behind a response that is not the last: what is written of it, and where the next request goes.
void transfer::end_hop(next_step next, const http::response_head& head) {
  if (session_.archive) archive_.end(*session_.archive);
  write_heads(false);
  if (next != next_step::redirect) return;
  to_get(head.status());
  follow(*head.header("Location"));
  report_.redirect = clock::now() - began_;
}

awaitable<void> transfer::converse() {
  for (bool first = true;; first = false) {
    if (!options_.connect_to.empty()) client_ = session_.client_of(options_, connects_elsewhere());
    const bool plain = may_be_cached();
    http::request what = plain ? cacheable_request() : make_request(first);
    head_came_ = false;
    awaitable<http::response_stream> asking = client_.stream(std::move(what));
    http::response_stream stream = co_await std::move(asking);
    head_came_ = true;
    if (plain) {
      pass(http::wire_event::head_sent, sent_head_);
      pass(http::wire_event::head_received, text_of(stream));
    }
    set_times(stream);
    if (session_.archive) archive_.answered(stream);
    const next_step next = decide(stream);
    if (next == next_step::finish) {
      const bool wanted = check_head(stream);
      awaitable<void> rest = receive(stream, wanted);
      co_await std::move(rest);
      if (failed_status_)
        throw get_error(http_error, "The requested URL returned error: " + std::to_string(report_.status));
      co_return;
    }
    const bool bounded = stream.header("Content-Length") || stream.header("Transfer-Encoding") || method_ == "HEAD";
    if (bounded) {
      awaitable<void> draining = drain(stream);
      co_await std::move(draining);
    }
    end_hop(next, stream);
  }
}

awaitable<void> transfer::drain(http::response_stream& from) {
  std::uint64_t size = 0;
  try {
    while (size < skipped_body) {
      awaitable<std::string_view> reading = from.read_some();
      const std::string_view piece = co_await std::move(reading);
      if (piece.empty()) co_return;
      size += piece.size();
    }
  } catch (const error&) {
    // It was of no interest; the next request takes another connection.
  }
}

namespace {

/// A body that stands still is too slow, too.
awaitable<std::string_view> fast_enough(awaitable<std::string_view> reading, std::uint64_t least, long seconds) {
  constexpr std::string_view phase = "--speed-time";
  try {
    awaitable<std::string_view> limited = with_timeout(std::chrono::seconds(seconds), std::move(reading), phase);
    co_return co_await std::move(limited);
  } catch (const timeout_error& e) {
    if (e.phase() != phase) throw;
  }
  throw_too_slow(least, seconds);
}

}  // namespace

awaitable<void> transfer::receive(http::response_stream& from, bool wanted) {
  if (options_.head_only && report_.method != "HEAD") co_return;
  if (!wanted) {
    awaitable<void> draining = drain(from);
    co_await std::move(draining);
    co_return;
  }
  const auto length = from.header("Content-Length");
  const bool encoded = options_.compressed && from.header("Content-Encoding");
  if (metered_ && length && !encoded && method_ != "HEAD") {
    session_.meter.expect_received(std::strtoull(std::string(*length).c_str(), nullptr, 10), clock::now());
  }
  speed_guard speed(options_.rate, options_.speed_limit, options_.speed_time);
  for (;;) {
    awaitable<std::string_view> reading = from.read_some();
    if (options_.speed_limit > 0) {
      reading = fast_enough(std::move(reading), options_.speed_limit, options_.speed_time);
    }
    const std::string_view piece = co_await std::move(reading);
    if (piece.empty()) break;
    report_.received += piece.size();
    if (options_.max_file_size > 0 && report_.received > options_.max_file_size) {
      const std::size_t over = static_cast<std::size_t>(report_.received - options_.max_file_size);
      // Of what was undone, nothing: who knows how much more there was.
      if (!options_.compressed) out_->write(piece.substr(0, piece.size() - over));
      throw get_error(file_too_large,
                      "Exceeded the maximum allowed file size (" + std::to_string(options_.max_file_size) + ")");
    }
    session_.shown.show(trace::kind::data_in, piece);
    if (session_.archive) archive_.received(piece);
    out_->write(piece);
    report_.delivered += piece.size();
    if (metered_) session_.meter.received(piece.size(), clock::now());
    const duration pause = speed.after(piece.size(), clock::now());
    if (pause > duration::zero()) co_await sleep_for(pause);
  }
  write_heads(true);  // trailers
  if (report_.delivered == 0 && report_.status != 304) out_->open();
}

}  // namespace braid::get
