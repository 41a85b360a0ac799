#include "server/h2_session.hpp"

#include <nghttp2/nghttp2.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <new>
#include <utility>

#include "server/h2_fields.hpp"

namespace braid::http {
namespace {

constexpr double reset_weight = 2;
constexpr double updates_per_frame = 2;  // WINDOW_UPDATE of stream and connection, for each DATA frame of ours

struct free_nghttp2 {
  void operator()(nghttp2_session* session) const noexcept { nghttp2_session_del(session); }
  void operator()(nghttp2_session_callbacks* callbacks) const noexcept { nghttp2_session_callbacks_del(callbacks); }
  void operator()(nghttp2_option* option) const noexcept { nghttp2_option_del(option); }
};

std::string_view text_of(const std::uint8_t* bytes, std::size_t size) {
  return {reinterpret_cast<const char*>(bytes), size};
}

}  // namespace

struct h2_server_session::impl {
  explicit impl(h2_server_session& owner);

  static h2_server_session& of(void* user) { return *static_cast<h2_server_session*>(user); }

  static int on_begin_frame(nghttp2_session*, const nghttp2_frame_hd*, void* user);
  static int on_begin_headers(nghttp2_session*, const nghttp2_frame*, void* user);
  static int on_header(nghttp2_session*, const nghttp2_frame*, const std::uint8_t* name, std::size_t name_size,
                       const std::uint8_t* value, std::size_t value_size, std::uint8_t, void* user);
  static int on_data(nghttp2_session*, std::uint8_t, std::int32_t id, const std::uint8_t* data, std::size_t size,
                     void* user);
  static int on_frame(nghttp2_session*, const nghttp2_frame*, void* user);
  static int on_invalid(nghttp2_session*, const nghttp2_frame*, int, void* user);
  static int on_sent(nghttp2_session*, const nghttp2_frame*, void* user);
  static int on_close(nghttp2_session*, std::int32_t id, std::uint32_t code, void* user);
  static ssize_t read_body(nghttp2_session*, std::int32_t id, std::uint8_t* into, std::size_t room,
                           std::uint32_t* flags, nghttp2_data_source*, void* user);

  std::unique_ptr<nghttp2_session, free_nghttp2> native;
  h2_fields fields;
};

// --- events ----------------------------------------------------------------------------------------------------------

bool h2_server_session::meter(double weight) {
  flooded_ = flooded_ || !meter_.add(weight, now_);
  return !flooded_;
}

double h2_server_session::weight_of(const h2_frame_scanner::header& frame) {
  switch (frame.type) {
    case NGHTTP2_HEADERS:
      return 0;  // bounded by the streams
    case NGHTTP2_DATA:
      return frame.length > 0 || (frame.flags & NGHTTP2_FLAG_END_STREAM) != 0 ? 0 : 1;
    case NGHTTP2_RST_STREAM:
      return reset_weight;
    case NGHTTP2_WINDOW_UPDATE:
      if (window_updates_ < 1) return 1;
      window_updates_ -= 1;
      return 0;
    default:
      return 1;
  }
}

/// False when the frames that begin in `bytes` are too many of a kind that brings nothing on.
bool h2_server_session::meter_frames(std::string_view bytes) {
  while (const auto frame = scanner_.next(bytes)) {
    const double weight = weight_of(*frame);
    if (weight > 0 && !meter(weight)) return false;
  }
  return true;
}

/// Called for each CONTINUATION too.
int h2_server_session::impl::on_begin_frame(nghttp2_session*, const nghttp2_frame_hd* frame, void* user) {
  auto& self = of(user);
  self.in_header_ = frame->type == NGHTTP2_HEADERS || (self.in_header_ && frame->type == NGHTTP2_CONTINUATION);
  return 0;
}

int h2_server_session::impl::on_begin_headers(nghttp2_session* native, const nghttp2_frame* frame, void* user) {
  auto& self = of(user);
  if (frame->hd.type != NGHTTP2_HEADERS || frame->headers.cat != NGHTTP2_HCAT_REQUEST) return 0;
  const auto id = frame->hd.stream_id;
  if (self.live_ >= self.limits_.streams) {
    // The client keeps to the limit and resets: what it left behind is still at work.
    if (!self.meter(reset_weight)) return NGHTTP2_ERR_CALLBACK_FAILURE;
    nghttp2_submit_rst_stream(native, NGHTTP2_FLAG_NONE, id, NGHTTP2_REFUSED_STREAM);
    return 0;
  }
  auto fresh = std::make_unique<h2_server_stream>();
  fresh->id = id;
  fresh->head.clear();
  fresh->head.version = 20;
  self.streams_.emplace(id, fresh.get());
  self.beginning_.emplace(id, std::move(fresh));
  ++self.live_;
  ++self.requests_;
  return 0;
}

int h2_server_session::impl::on_header(nghttp2_session*, const nghttp2_frame* frame, const std::uint8_t* name,
                                       std::size_t name_size, const std::uint8_t* value, std::size_t value_size,
                                       std::uint8_t, void* user) {
  auto& self = of(user);
  auto* const on = self.find(frame->hd.stream_id);
  if (!on) return 0;
  constexpr std::size_t overhead = 32;  // RFC 9113, 6.5.2
  on->header_bytes += name_size + value_size + overhead;
  ++on->header_count;
  if (on->header_bytes > self.limits_.header_bytes || on->header_count > self.limits_.header_count) {
    on->refusal = 431;
    return 0;
  }
  if (frame->headers.cat != NGHTTP2_HCAT_REQUEST) return 0;  // trailers: nobody asks for them
  h2_add_field(*on, text_of(name, name_size), text_of(value, value_size));
  return 0;
}

int h2_server_session::impl::on_data(nghttp2_session*, std::uint8_t, std::int32_t id, const std::uint8_t* data,
                                     std::size_t size, void* user) {
  auto& self = of(user);
  auto* const on = self.find(id);
  if (on) on->body_bytes += size;
  if (!on || on->body_bytes > self.limits_.body_bytes) self.give_back(size);  // nobody will take them
  if (!on) return 0;
  if (on->body_bytes > self.limits_.body_bytes) {
    on->body_too_large = true;
    self.give_back(on->body.size());
    on->body.clear();
  } else {
    on->body.append(reinterpret_cast<const char*>(data), size);
  }
  on->changed.wake();
  return 0;
}

int h2_server_session::impl::on_frame(nghttp2_session*, const nghttp2_frame* frame, void* user) {
  auto& self = of(user);
  if (frame->hd.type == NGHTTP2_HEADERS) self.in_header_ = false;
  if (frame->hd.type != NGHTTP2_HEADERS && frame->hd.type != NGHTTP2_DATA) return 0;
  auto* const on = self.find(frame->hd.stream_id);
  if (!on) return 0;
  if ((frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0) on->ended = true;
  const auto beginning = self.beginning_.find(frame->hd.stream_id);
  if (beginning != self.beginning_.end()) {
    h2_finish_head(*on);
    self.ready_.push_back(std::move(beginning->second));
    self.beginning_.erase(beginning);
  }
  on->changed.wake();
  return 0;
}

/// Frames that are refused, as the HEADERS of a stream too many.
int h2_server_session::impl::on_invalid(nghttp2_session*, const nghttp2_frame*, int, void* user) {
  auto& self = of(user);
  self.in_header_ = false;
  return self.meter(reset_weight) ? 0 : NGHTTP2_ERR_CALLBACK_FAILURE;
}

int h2_server_session::impl::on_sent(nghttp2_session*, const nghttp2_frame* frame, void* user) {
  if (frame->hd.type == NGHTTP2_DATA && frame->hd.length > 0) {
    auto& self = of(user);
    self.window_updates_ = std::min(self.window_updates_ + updates_per_frame, self.limits_.idle_frames);
  }
  return 0;
}

int h2_server_session::impl::on_close(nghttp2_session*, std::int32_t id, std::uint32_t, void* user) {
  auto& self = of(user);
  const auto found = self.streams_.find(id);
  if (found == self.streams_.end()) return 0;
  auto& on = *found->second;
  self.streams_.erase(found);
  on.closed = true;
  on.outgoing = {};
  on.changed.wake();
  if (self.beginning_.erase(id) > 0) --self.live_;  // it never became a request
  return 0;
}

ssize_t h2_server_session::impl::read_body(nghttp2_session*, std::int32_t id, std::uint8_t* into, std::size_t room,
                                           std::uint32_t* flags, nghttp2_data_source*, void* user) {
  auto* const on = of(user).find(id);
  if (!on) return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
  const std::size_t size = std::min(room, on->outgoing.size());
  if (size > 0) std::memcpy(into, on->outgoing.data(), size);
  on->outgoing.remove_prefix(size);
  if (on->outgoing.empty() && on->last) {
    *flags |= NGHTTP2_DATA_FLAG_EOF;
    on->sent_end = true;
  } else if (size == 0) {
    return NGHTTP2_ERR_DEFERRED;
  }
  on->changed.wake();
  return static_cast<ssize_t>(size);
}

// --- the session -----------------------------------------------------------------------------------------------------

h2_server_session::impl::impl(h2_server_session& owner) {
  nghttp2_session_callbacks* made = nullptr;
  if (nghttp2_session_callbacks_new(&made) != 0) throw std::bad_alloc();
  const std::unique_ptr<nghttp2_session_callbacks, free_nghttp2> callbacks(made);
  nghttp2_session_callbacks_set_on_begin_frame_callback(made, on_begin_frame);
  nghttp2_session_callbacks_set_on_begin_headers_callback(made, on_begin_headers);
  nghttp2_session_callbacks_set_on_header_callback(made, on_header);
  nghttp2_session_callbacks_set_on_data_chunk_recv_callback(made, on_data);
  nghttp2_session_callbacks_set_on_frame_recv_callback(made, on_frame);
  nghttp2_session_callbacks_set_on_invalid_frame_recv_callback(made, on_invalid);
  nghttp2_session_callbacks_set_on_frame_send_callback(made, on_sent);
  nghttp2_session_callbacks_set_on_stream_close_callback(made, on_close);

  nghttp2_option* choice = nullptr;
  if (nghttp2_option_new(&choice) != 0) throw std::bad_alloc();
  const std::unique_ptr<nghttp2_option, free_nghttp2> options(choice);
  nghttp2_option_set_no_auto_window_update(choice, 1);
  // Answers to PING and SETTINGS that a client makes us queue without reading them.
  nghttp2_option_set_max_outbound_ack(choice, 200);

  nghttp2_session* started = nullptr;
  if (nghttp2_session_server_new2(&started, made, &owner, choice) != 0) throw std::bad_alloc();
  native.reset(started);
  const auto most = static_cast<std::uint32_t>(
      std::min<std::size_t>(owner.limits_.header_bytes, std::numeric_limits<std::uint32_t>::max()));
  const std::array<nghttp2_settings_entry, 3> settings{{
      {NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, owner.limits_.streams},
      {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, owner.limits_.stream_window},
      {NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, most},
  }};
  nghttp2_submit_settings(started, NGHTTP2_FLAG_NONE, settings.data(), settings.size());
  nghttp2_session_set_local_window_size(started, NGHTTP2_FLAG_NONE, 0, owner.limits_.connection_window);
}

h2_server_session::h2_server_session(const h2_server_limits& limits)
    : limits_(limits), meter_(limits.idle_frames, limits.idle_frames / 10), scanner_(NGHTTP2_CLIENT_MAGIC_LEN) {
  impl_ = std::make_unique<impl>(*this);
}

h2_server_session::~h2_server_session() = default;

h2_server_stream* h2_server_session::find(std::int32_t id) const {
  const auto found = streams_.find(id);
  return found == streams_.end() ? nullptr : found->second;
}

bool h2_server_session::receive(std::string_view bytes, time_point now) {
  if (over_) return false;
  now_ = now;
  auto* const native = impl_->native.get();
  const auto* data = reinterpret_cast<const std::uint8_t*>(bytes.data());
  const ssize_t used = meter_frames(bytes) ? nghttp2_session_mem_recv(native, data, bytes.size()) : -1;
  if (used < 0) {
    // nghttp2 has a bound of its own on the acknowledgements that wait to be sent.
    const bool flooded = flooded_ || used == NGHTTP2_ERR_FLOODED;
    nghttp2_session_terminate_session(native, flooded ? NGHTTP2_ENHANCE_YOUR_CALM : NGHTTP2_PROTOCOL_ERROR);
    over_ = true;
  } else if (!nghttp2_session_want_read(native)) {
    over_ = true;
  }
  return !over_;
}

std::unique_ptr<h2_server_stream> h2_server_session::take_request() {
  if (ready_.empty()) return nullptr;
  auto next = std::move(ready_.front());
  ready_.pop_front();
  return next;
}

/// The client may send so much more on the connection.
void h2_server_session::give_back(std::size_t bytes) noexcept {
  if (bytes > 0) nghttp2_session_consume_connection(impl_->native.get(), bytes);
}

void h2_server_session::consumed(const h2_server_stream& of, std::size_t bytes) {
  give_back(bytes);
  if (!of.closed && !of.ended) nghttp2_session_consume_stream(impl_->native.get(), of.id, bytes);
}

void h2_server_session::go_on(const h2_server_stream& with) {
  if (with.closed) return;
  impl_->fields.begin(100);
  nghttp2_submit_headers(impl_->native.get(), NGHTTP2_FLAG_NONE, with.id, nullptr, impl_->fields.data(),
                         impl_->fields.size(), nullptr);
}

void h2_server_session::respond(h2_server_stream& on, int status, std::string_view fields, std::string_view body,
                                bool last) {
  if (on.closed) return;
  impl_->fields.begin(status);
  impl_->fields.add_lines(fields);
  nghttp2_data_provider source{};
  source.read_callback = impl::read_body;
  const bool has_body = !body.empty() || !last;
  on.responded = true;
  on.outgoing = body;
  on.last = last;
  on.sent_end = !has_body;
  const int failed = nghttp2_submit_response(impl_->native.get(), on.id, impl_->fields.data(), impl_->fields.size(),
                                             has_body ? &source : nullptr);
  if (failed != 0) reset(on);
}

void h2_server_session::send(h2_server_stream& on, std::string_view piece, bool last) {
  if (on.closed) return;
  on.outgoing = piece;
  on.last = last;
  nghttp2_session_resume_data(impl_->native.get(), on.id);
}

void h2_server_session::reset(h2_server_stream& which, bool http1) {
  if (which.closed) return;
  which.outgoing = {};
  which.sent_end = true;
  nghttp2_submit_rst_stream(impl_->native.get(), NGHTTP2_FLAG_NONE, which.id,
                            http1 ? NGHTTP2_HTTP_1_1_REQUIRED : NGHTTP2_INTERNAL_ERROR);
}

void h2_server_session::close(h2_server_stream& done) noexcept {
  --live_;
  give_back(std::exchange(done.body, {}).size());
  if (done.closed) return;
  streams_.erase(done.id);
  if (!done.sent_end) {
    nghttp2_submit_rst_stream(impl_->native.get(), NGHTTP2_FLAG_NONE, done.id, NGHTTP2_INTERNAL_ERROR);
  } else if (!done.ended) {
    // Answered before all was said: the rest is not needed (RFC 9113, 8.1).
    nghttp2_submit_rst_stream(impl_->native.get(), NGHTTP2_FLAG_NONE, done.id, NGHTTP2_NO_ERROR);
  }
  done.closed = true;
}

void h2_server_session::announce_end() {
  if (!over_) nghttp2_submit_shutdown_notice(impl_->native.get());
}

void h2_server_session::go_away() {
  if (over_) return;
  auto* const native = impl_->native.get();
  nghttp2_submit_goaway(native, NGHTTP2_FLAG_NONE, nghttp2_session_get_last_proc_stream_id(native), NGHTTP2_NO_ERROR,
                        nullptr, 0);
}

bool h2_server_session::output(std::string& out, std::size_t most) {
  auto* const native = impl_->native.get();
  while (out.size() < most) {
    const std::uint8_t* frame = nullptr;
    const ssize_t size = nghttp2_session_mem_send(native, &frame);
    if (size < 0) {
      over_ = true;
      return false;
    }
    if (size == 0) break;
    out.append(reinterpret_cast<const char*>(frame), static_cast<std::size_t>(size));
  }
  if (!nghttp2_session_want_read(native)) over_ = true;
  return !over_ || wants_output();
}

bool h2_server_session::wants_output() const { return nghttp2_session_want_write(impl_->native.get()) != 0; }

}  // namespace braid::http
