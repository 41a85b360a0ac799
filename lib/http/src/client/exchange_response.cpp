#include <algorithm>
#include <boost/asio/error.hpp>

#include <braid/core/error.hpp>
#include <braid/http/cookies.hpp>
#include <braid/http/hsts.hpp>
#include <braid/http/status.hpp>

#include "client/exchange.hpp"

namespace braid::http {

namespace {

constexpr std::uint64_t skipped_body = 64 * 1024;   // of a redirect: read on rather than reconnect
constexpr std::size_t first_reservation = 1 << 20;  // a server's word alone is good for this much memory
constexpr std::size_t direct_from = 4 * 1024;       // left of a body: worth a read straight into it

/// Fields that speak of a body that is not sent any more.
constexpr std::array<std::string_view, 4> body_fields{"Content-Type", "Content-Encoding", "Content-Language",
                                                      "Content-Location"};

}  // namespace

// --- the head --------------------------------------------------------------------------------------------------------

bool exchange::decode_head() {
  client_connection& from = *connection_;
  if (from.input.view().empty()) return false;
  const auto what = from.decoder.decode(from.input.view());
  from.input.consume(from.decoder.consumed());
  if (what == response_decoder::event::failed) fail_decoding();
  return what == response_decoder::event::head;
}

/// A 407 of the proxy that was asked itself: true when another answer to its challenge may do.
bool exchange::may_answer_proxy() {
  constexpr unsigned most = 2;  // a challenge, and a nonce that has gone stale meanwhile
  const bool ours = from_->status() == 407 && names_whole_url() && proxy_->scheme() != net::proxy_scheme::basic;
  if (!ours || request_.source_ || proxy_turns_ >= most || request_.fields_.has("Proxy-Authorization")) return false;
  if (request_.wire_ && !request_.wire_->lines.empty()) return false;  // its maker's
  const std::vector<std::string_view> asked = from_->fields().get_all("Proxy-Authenticate");
  if (!pool_->sign_in_of(*proxy_).take(*proxy_, asked, proxy_sent_)) return false;
  ++proxy_turns_;
  return true;
}

/// Where the response leads on to; null for the final one.
std::unique_ptr<redirect_step> exchange::next_hop() {
  incoming_response& from = *from_;
  const client_options& options = client_->options;
  if (is_observed()) tell_phase(request_phase::first_byte);
  if (pool_->pacer()) pool_->pacer()->heed(request_.url_, from.status(), from.fields(), client_->wall_now());
  if ((proxy_ && may_answer_proxy()) || (visiting_ && was_misdirected())) {
    auto again = std::make_unique<redirect_step>();
    again->target = request_.url_;
    return again;
  }
  if (options.cookies) options.cookies->store(cookie_url(), from.fields(), client_->wall_now());
  if (options.hsts && options.tls.verify()) options.hsts->learn(request_.url_, from.fields(), client_->wall_now());
  if (options.follow_redirects && is_redirect(from.status())) {
    if (std::unique_ptr<redirect_step> step = redirected()) return step;
  }
  if (options.decompress && from.body_framing() != incoming_response::framing::none &&
      !request_.fields_.has("Accept-Encoding")) {
    try {
      coding_ = content_decoder::of(from.fields(), options.limits.decoded_ratio);
    } catch (const decode_error&) {
      rethrow_with_description(std::current_exception());
    }
  }
  const bool sized = from.body_framing() == response_decoder::framing::length;
  if (limited_ && sized && from.body_length() > options.limits.body_bytes) fail_over_limit();
  if (!limited_) total_end_ = time_point::max();
  return nullptr;
}

/// The step that a redirect asks for, which the history has then; null for a response without one.
std::unique_ptr<redirect_step> exchange::redirected() {
  incoming_response& from = *from_;
  std::unique_ptr<redirect_step> step;
  try {
    std::optional<redirect_step> asked = redirect_of(from.status(), from.fields(), request_.method_, request_.url_);
    if (!asked) return nullptr;
    step = std::make_unique<redirect_step>(std::move(*asked));
    if (redirects_ >= client_->options.limits.redirects) {
      throw redirect_error("more than " + std::to_string(redirects_) + " redirects, the last one to " +
                           std::string(step->target.without_secrets().str()));
    }
    if (request_.source_ && !step->becomes_get) {
      throw redirect_error("redirected to " + std::string(step->target.without_secrets().str()) +
                           ", but the body can be sent once only");
    }
  } catch (const redirect_error&) {
    rethrow_with_description(std::current_exception());
  }
  ++redirects_;
  redirect_hop& hop = history_.emplace_back();
  hop.status = from.status();
  hop.version = from.version();
  hop.reason = from.reason_text();
  hop.headers = std::move(from.fields());
  hop.url = request_.url_;
  return step;
}

void exchange::take_head(response_head& head) {
  incoming_response& from = *from_;
  head.status_ = from.status();
  head.version_ = from.version();
  head.reason_ = from.reason_text();
  head.headers_ = std::move(from.fields());
  head.history_ = std::move(history_);
  timings_.sent = sent_at_ - began_;
  timings_.first_byte = pool_->timers().now() - began_;
  timings_.reused = reused_;
  if (limited_) return;
  head.method_ = request_.method_;
  head.url_ = request_.url_;
  head.timings_ = timings_;
}

bool exchange::is_complete() const {
  if (stream_) return stream_->ended();
  const incoming_response& from = *from_;
  if (from.body_framing() == incoming_response::framing::none) return true;
  return from.body_framing() == incoming_response::framing::length &&
         from.body_left() <= connection_->input.view().size();
}

/// Leaves the present response behind and turns the request into the next one.
boost::asio::awaitable<void> exchange::go_to(std::unique_ptr<redirect_step> step) {
  try {
    std::uint64_t skipped = 0;
    while (!done_ && skipped <= skipped_body) {
      const std::string_view piece = co_await read_some();
      skipped += piece.size();
    }
  } catch (const error&) {
    // Its body was of no interest: the next request takes another connection.
    if (expired_ != phase::none) throw;
  }
  abandon();
  done_ = false;
  fresh_ = false;
  paced_ = false;
  received_ = 0;
  request_.url_ = std::move(step->target);
  if (client_->options.hsts) request_.url_ = client_->options.hsts->secured(request_.url_, client_->wall_now());
  if (std::exchange(request_.validating_, false)) {
    request_.fields_.remove("If-None-Match");
    request_.fields_.remove("If-Modified-Since");
  }
  if (step->becomes_get) {
    request_.method_ = "GET";
    request_.body_.clear();
    request_.source_ = nullptr;
    request_.has_body_ = false;
    for (const std::string_view name : body_fields) request_.fields_.remove(name);
  }
  if (step->changes_origin) {
    credentials_ = false;
    for (const std::string_view name : {"Authorization", "Cookie", "Proxy-Authorization", "Host"}) {
      request_.fields_.remove(name);
    }
  }
  choose_proxy();
}

// --- the body --------------------------------------------------------------------------------------------------------

/// One read into the connection's buffer. The end of the stream may be the end of the body.
boost::asio::awaitable<void> exchange::receive() {
  if (phase_ != phase::receive) enter(phase::receive);
  if (expired_ != phase::none) fail_late();
  if (stream_) {
    const bool woken = co_await stream_->changed.wait_quietly();
    if (!woken) fail_io(boost::asio::error::operation_aborted);
    progress_ = pool_->timers().now();
    co_return;
  }
  client_connection& from = *connection_;
  co_await io_.read_some(*from.stream, from.input);
  if (io_.result.ok()) {
    from.input.commit(io_.result.size);
    progress_ = pool_->timers().now();
  } else if (io_.result.error == boost::asio::error::eof &&
             from.decoder.finish() == response_decoder::event::complete) {
    end_of_body();
  } else {
    fail_io(io_.result.error);
  }
}

incoming_response::event exchange::next_event() {
  if (stream_) return stream_->on->next(*stream_);
  client_connection& from = *connection_;
  const auto what = from.decoder.decode(from.input.view());
  from.input.consume(from.decoder.consumed());
  return what;
}

bool exchange::take_received(std::string& body) {
  while (!done_) {
    switch (next_event()) {
      case response_decoder::event::body:
        take_piece(body, from_->body());
        break;
      case response_decoder::event::complete:
        end_of_body();
        break;
      case response_decoder::event::need_more:
        return false;
      case response_decoder::event::head:
      case response_decoder::event::failed:
        fail_decoding();
    }
  }
  return true;
}

void exchange::take_piece(std::string& body, std::string_view piece) {
  received_ += piece.size();
  if (!coding_) {
    const incoming_response& from = *from_;
    if (body.empty() && from.body_left() > 0) {
      body.reserve(static_cast<std::size_t>(std::min<std::uint64_t>(from.body_length(), first_reservation)));
    }
    return append(body, piece);
  }
  coded_ = piece;
  for (;;) {
    const std::string_view text = decoded_piece();
    if (text.empty()) return;
    append(body, text);
  }
}

/// The next piece that comes out of coded_; empty when that is used up.
std::string_view exchange::decoded_piece() {
  try {
    return coding_->next(coded_);
  } catch (const braid::error&) {
    rethrow_with_description(std::current_exception());
  }
}

void exchange::append(std::string& body, std::string_view piece) const {
  const std::uint64_t limit = client_->options.limits.body_bytes;
  if (body.size() + piece.size() > limit) {
    throw limit_error(description() + ": the body is over the limit of " + std::to_string(limit) + " bytes");
  }
  body += piece;
}

bool exchange::direct() const {
  if (!connection_) return false;
  const response_decoder& from = connection_->decoder;
  return !coding_ && from.body_framing() == response_decoder::framing::length && from.body_left() >= direct_from;
}

boost::asio::awaitable<void> exchange::read_body(std::string& body) {
  while (!take_received(body)) {
    if (!direct()) {
      co_await receive();
      continue;
    }
    enter(phase::receive);
    client_connection& from = *connection_;
    std::size_t filled = body.size();
    while (from.decoder.body_left() > 0) {
      if (filled == body.size()) {
        const std::uint64_t more =
            std::min<std::uint64_t>(from.decoder.body_left(), std::max(filled, first_reservation));
        body.resize(filled + static_cast<std::size_t>(more));
      }
      if (expired_ != phase::none) fail_late();
      const boost::asio::mutable_buffer space(body.data() + filled, body.size() - filled);
      co_await io_.read_some(*from.stream, space);
      if (!io_.result.ok()) fail_io(io_.result.error);
      filled += io_.result.size;
      received_ += io_.result.size;
      from.decoder.received(io_.result.size);
      progress_ = pool_->timers().now();
    }
    body.resize(filled);
  }
}

boost::asio::awaitable<std::string_view> exchange::read_some() {
  while (!done_) {
    if (coding_) {
      const std::string_view piece = decoded_piece();
      if (!piece.empty()) co_return piece;
    }
    switch (next_event()) {
      case response_decoder::event::body:
        received_ += from_->body().size();
        if (!coding_) {
          enter(phase::none);  // the caller's time is not the server's
          co_return from_->body();
        }
        coded_ = from_->body();
        break;
      case response_decoder::event::complete:
        end_of_body();
        break;
      case response_decoder::event::need_more:
        co_await receive();
        break;
      case response_decoder::event::head:
      case response_decoder::event::failed:
        fail_decoding();
    }
  }
  co_return std::string_view{};
}

void exchange::end_of_body() {
  if (coding_) {
    try {
      coding_->finish();
    } catch (const decode_error&) {
      rethrow_with_description(std::current_exception());
    }
  }
  done_ = true;
  trailers_ = from_->take_trailers();
  if (is_observed()) tell_phase(request_phase::body);
  release();
}

}  // namespace braid::http
