#include "h2/session.hpp"

#include <nghttp2/nghttp2.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <limits>
#include <new>
#include <span>
#include <vector>

#include <braid/core/base64.hpp>

#include "field_bytes.hpp"

namespace braid::http::h2 {

namespace {

using fault = stream::fault;

/// So large that it never holds up a stream: bytes are taken off it as they come in.
constexpr std::int32_t connection_window = 16 << 20;
/// Before the server's SETTINGS are there.
constexpr std::size_t usual_streams = 100;

constexpr std::string_view goes_away = "the server takes no more requests on this connection";

/// What is offered for an upgrade, before SETTINGS say more.
constexpr std::array<nghttp2_settings_entry, 3> upgrade_settings{{
    {NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, 100},
    {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, 65536},
    {NGHTTP2_SETTINGS_ENABLE_PUSH, 0},
}};

std::string packed(std::span<const nghttp2_settings_entry> settings) {
  std::string out(settings.size() * 6, '\0');
  nghttp2_pack_settings_payload(reinterpret_cast<std::uint8_t*>(out.data()), out.size(), settings.data(),
                                settings.size());
  return out;
}

struct free_nghttp2 {
  void operator()(nghttp2_session* session) const noexcept { nghttp2_session_del(session); }
  void operator()(nghttp2_session_callbacks* callbacks) const noexcept { nghttp2_session_callbacks_del(callbacks); }
  void operator()(nghttp2_option* option) const noexcept { nghttp2_option_del(option); }
};

std::string error_name(std::uint32_t code) { return nghttp2_http2_strerror(code); }

std::string_view view(nghttp2_rcbuf* text) {
  const nghttp2_vec bytes = nghttp2_rcbuf_get_buf(text);
  return {reinterpret_cast<const char*>(bytes.base), bytes.len};
}

nghttp2_nv pair_of(const request_head::field& field) {
  const auto bytes = [](std::string_view text) {
    return const_cast<std::uint8_t*>(reinterpret_cast<const std::uint8_t*>(text.data()));
  };
  return {bytes(field.name), bytes(field.value), field.name.size(), field.value.size(),
          static_cast<std::uint8_t>(field.secret ? NGHTTP2_NV_FLAG_NO_INDEX : NGHTTP2_NV_FLAG_NONE)};
}

}  // namespace

std::string upgrade_lines() {
  return "Upgrade: h2c\r\nHTTP2-Settings: " + base64url(packed(upgrade_settings)) +
         "\r\nConnection: Upgrade, HTTP2-Settings\r\n";
}

struct session::impl {
  explicit impl(session& owner);

  static session& of(void* user) { return *static_cast<session*>(user); }

  static int on_begin_frame(nghttp2_session*, const nghttp2_frame_hd*, void* user);
  static int on_begin_headers(nghttp2_session*, const nghttp2_frame*, void* user);
  static int on_header(nghttp2_session*, const nghttp2_frame*, nghttp2_rcbuf* name, nghttp2_rcbuf* value, std::uint8_t,
                       void* user);
  static int on_data(nghttp2_session*, std::uint8_t, std::int32_t id, const std::uint8_t* data, std::size_t size,
                     void* user);
  static int on_frame(nghttp2_session*, const nghttp2_frame*, void* user);
  static int on_not_sent(nghttp2_session*, const nghttp2_frame*, int, void* user);
  static int on_close(nghttp2_session*, std::int32_t id, std::uint32_t code, void* user);
  static int on_sent(nghttp2_session*, const nghttp2_frame*, void* user);
  static ssize_t read_body(nghttp2_session*, std::int32_t id, std::uint8_t* into, std::size_t room,
                           std::uint32_t* flags, nghttp2_data_source*, void* user);

  std::unique_ptr<nghttp2_session, free_nghttp2> native;
  std::vector<nghttp2_nv> pairs;
};

// --- events ----------------------------------------------------------------------------------------------------------

/// CONTINUATION frames count too: this is called for each.
int session::impl::on_begin_frame(nghttp2_session*, const nghttp2_frame_hd*, void* user) {
  session& self = of(user);
  if (++self.idle_frames_ <= self.limits_.idle_frames) return 0;
  self.mistake_ = "frames that bring nothing on, without end";
  return NGHTTP2_ERR_CALLBACK_FAILURE;
}

int session::impl::on_begin_headers(nghttp2_session*, const nghttp2_frame* frame, void* user) {
  stream* const on = of(user).find(frame->hd.stream_id);
  if (!on) return 0;
  on->header_bytes_ = on->header_count_ = 0;
  if (!on->head_ready_) on->fields_.clear();
  return 0;
}

int session::impl::on_header(nghttp2_session*, const nghttp2_frame* frame, nghttp2_rcbuf* name, nghttp2_rcbuf* value,
                             std::uint8_t, void* user) {
  session& self = of(user);
  stream* const on = self.find(frame->hd.stream_id);
  if (!on) return 0;
  const std::string_view key = view(name), text = trimmed(view(value));
  on->header_bytes_ += key.size() + text.size();
  ++on->header_count_;
  const bool large = on->header_bytes_ > self.limits_.header_bytes;
  if (large || on->header_count_ > self.limits_.header_count) {
    on->fail(fault::limit, large ? "the response's header is too large" : "the response has too many header lines");
    self.changed(*on);
    return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
  }
  if (on->head_ready_) {
    on->add_trailer(key, text);
    return 0;
  }
  if (key == ":status") {
    std::from_chars(text.data(), text.data() + text.size(), on->status_);
  } else {
    on->fields_.add_checked(key, text);
  }
  return 0;
}

int session::impl::on_data(nghttp2_session* native, std::uint8_t, std::int32_t id, const std::uint8_t* data,
                           std::size_t size, void* user) {
  session& self = of(user);
  self.idle_frames_ = 0;
  nghttp2_session_consume_connection(native, size);
  stream* const on = self.find(id);
  if (!on || on->fault_ != fault::none) return 0;
  on->received_.append(reinterpret_cast<const char*>(data), size);
  self.changed(*on);
  return 0;
}

int session::impl::on_frame(nghttp2_session*, const nghttp2_frame* frame, void* user) {
  session& self = of(user);
  switch (frame->hd.type) {
    case NGHTTP2_PING:
      if (frame->hd.flags & NGHTTP2_FLAG_ACK) ++self.pings_answered_;
      return 0;
    case NGHTTP2_SETTINGS:
      if (!(frame->hd.flags & NGHTTP2_FLAG_ACK)) self.settled_ = true;
      return 0;
    case NGHTTP2_GOAWAY:
      self.draining_ = true;
      if (frame->goaway.error_code == NGHTTP2_HTTP_1_1_REQUIRED) {
        for (const auto& [id, on] : self.streams_) on->needs_http1_ = true;
      }
      self.refuse_behind(frame->goaway.last_stream_id);
      return 0;
    case NGHTTP2_RST_STREAM:
      if (stream* const on = self.find(frame->hd.stream_id)) {
        on->needs_http1_ = frame->rst_stream.error_code == NGHTTP2_HTTP_1_1_REQUIRED;
        on->fail(fault::cut_off, "the server reset the stream, " + error_name(frame->rst_stream.error_code));
      }
      return 0;
    case NGHTTP2_HEADERS:
    case NGHTTP2_DATA:
      break;
    default:
      return 0;
  }
  stream* const on = self.find(frame->hd.stream_id);
  if (!on) return 0;
  on->ended_ = on->ended_ || (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0;
  if (frame->hd.type == NGHTTP2_HEADERS && !on->head_ready_) {
    if (on->status_ / 100 == 1) {
      if (++on->informational_ <= self.limits_.informational) {
        on->tell_informational();
        on->show_head();
        self.changed(*on);  // a body may wait for it
        return 0;
      }
      on->fail(fault::limit, "too many 1xx responses");
      nghttp2_submit_rst_stream(self.impl_->native.get(), NGHTTP2_FLAG_NONE, on->id_, NGHTTP2_CANCEL);
    } else {
      self.idle_frames_ = 0;
      on->take_head();
      on->show_head();
    }
  }
  if (on->ended_) on->show_trailers();
  if (frame->hd.type == NGHTTP2_HEADERS || on->ended_) self.changed(*on);
  return 0;
}

/// A request that was still in the queue when the connection stopped taking any: the server's wish, or its mistake.
int session::impl::on_not_sent(nghttp2_session* native, const nghttp2_frame* frame, int, void* user) {
  session& self = of(user);
  stream* const on = self.find(frame->hd.stream_id);
  if (frame->hd.type != NGHTTP2_HEADERS || !on) return 0;
  if (!self.draining_) on->fail(fault::protocol, self.broken_rules());
  return on_close(native, on->id_, self.draining_ ? NGHTTP2_REFUSED_STREAM : NGHTTP2_PROTOCOL_ERROR, user);
}

int session::impl::on_close(nghttp2_session*, std::int32_t id, std::uint32_t code, void* user) {
  session& self = of(user);
  const auto found = self.streams_.find(id);
  if (found == self.streams_.end()) return 0;
  stream& on = *found->second;
  self.streams_.erase(found);
  on.closed_ = true;
  on.outgoing_ = {};
  if (!on.ended_) {
    on.refused_ = code == NGHTTP2_REFUSED_STREAM;
    // What the server resets was told by its frame; this is the rest.
    on.fail(on.refused_ || code == NGHTTP2_NO_ERROR ? fault::cut_off : fault::protocol,
            on.refused_ ? std::string(goes_away) : "the response breaks the rules of HTTP/2, " + error_name(code));
  }
  self.changed(on);
  return 0;
}

/// Our GOAWAY tells the server what its mistake was; so do our errors.
int session::impl::on_sent(nghttp2_session*, const nghttp2_frame* frame, void* user) {
  if (frame->hd.type != NGHTTP2_GOAWAY || frame->goaway.error_code == NGHTTP2_NO_ERROR) return 0;
  const auto& said = frame->goaway;
  of(user).mistake_.assign(reinterpret_cast<const char*>(said.opaque_data), said.opaque_data_len);
  if (said.opaque_data_len == 0) of(user).mistake_ = error_name(said.error_code);
  return 0;
}

ssize_t session::impl::read_body(nghttp2_session*, std::int32_t id, std::uint8_t* into, std::size_t room,
                                 std::uint32_t* flags, nghttp2_data_source*, void* user) {
  session& self = of(user);
  stream* const on = self.find(id);
  if (!on) return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
  const std::size_t size = std::min(room, on->outgoing_.size());
  if (size > 0) std::memcpy(into, on->outgoing_.data(), size);
  on->outgoing_.remove_prefix(size);
  on->sent_ += size;
  if (on->outgoing_.empty()) {
    if (size > 0) self.changed(*on);
    if (on->outgoing_last_) {
      *flags |= NGHTTP2_DATA_FLAG_EOF;
    } else if (size == 0) {
      return NGHTTP2_ERR_DEFERRED;
    }
  }
  if (size > 0) self.idle_frames_ = 0;
  return static_cast<ssize_t>(size);
}

// --- the session -----------------------------------------------------------------------------------------------------

session::impl::impl(session& owner) {
  nghttp2_session_callbacks* made = nullptr;
  if (nghttp2_session_callbacks_new(&made) != 0) throw std::bad_alloc();
  const std::unique_ptr<nghttp2_session_callbacks, free_nghttp2> callbacks(made);
  nghttp2_session_callbacks_set_on_begin_frame_callback(made, on_begin_frame);
  nghttp2_session_callbacks_set_on_begin_headers_callback(made, on_begin_headers);
  nghttp2_session_callbacks_set_on_header_callback2(made, on_header);
  nghttp2_session_callbacks_set_on_data_chunk_recv_callback(made, on_data);
  nghttp2_session_callbacks_set_on_frame_recv_callback(made, on_frame);
  nghttp2_session_callbacks_set_on_frame_not_send_callback(made, on_not_sent);
  nghttp2_session_callbacks_set_on_stream_close_callback(made, on_close);
  nghttp2_session_callbacks_set_on_frame_send_callback(made, on_sent);

  nghttp2_option* choice = nullptr;
  if (nghttp2_option_new(&choice) != 0) throw std::bad_alloc();
  const std::unique_ptr<nghttp2_option, free_nghttp2> options(choice);
  nghttp2_option_set_no_auto_window_update(choice, 1);
  // Space around a value is against RFC 9113 and frequent; it is passed over as HTTP/1.1 does.
  nghttp2_option_set_no_rfc9113_leading_and_trailing_ws_validation(choice, 1);
  // Answers to PING and SETTINGS that a server makes us queue without reading them.
  nghttp2_option_set_max_outbound_ack(choice, 200);

  nghttp2_session* started = nullptr;
  if (nghttp2_session_client_new2(&started, made, &owner, choice) != 0) throw std::bad_alloc();
  native.reset(started);
  if (owner.how_ != beginning::usual) {
    const std::string offered = packed(upgrade_settings);
    nghttp2_session_upgrade2(started, reinterpret_cast<const std::uint8_t*>(offered.data()), offered.size(),
                             owner.how_ == beginning::upgraded_by_head ? 1 : 0, nullptr);
  }
  const std::array<nghttp2_settings_entry, 3> settings{{
      {NGHTTP2_SETTINGS_ENABLE_PUSH, 0},
      {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, owner.limits_.stream_window},
      {NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE,
       static_cast<std::uint32_t>(
           std::min<std::size_t>(owner.limits_.header_bytes, std::numeric_limits<std::uint32_t>::max()))},
  }};
  nghttp2_submit_settings(started, NGHTTP2_FLAG_NONE, settings.data(), settings.size());
  nghttp2_session_set_local_window_size(started, NGHTTP2_FLAG_NONE, 0, connection_window);
}

session::session(const session_limits& limits, beginning how) : limits_(limits), how_(how) {
  limits_.stream_window = std::clamp<std::uint32_t>(limits_.stream_window, 1, NGHTTP2_MAX_WINDOW_SIZE);
  impl_ = std::make_unique<impl>(*this);
}

session::~session() = default;

stream* session::find(std::int32_t id) const {
  const auto found = streams_.find(id);
  return found == streams_.end() ? nullptr : found->second;
}

bool session::open(stream& on, const request_head& head, std::string_view body, bool last) {
  if (draining() || !nghttp2_session_check_request_allowed(impl_->native.get())) return false;
  impl_->pairs.clear();
  for (const request_head::field& field : head.fields()) impl_->pairs.push_back(pair_of(field));
  nghttp2_data_provider source{};
  source.read_callback = impl::read_body;
  const bool has_body = !body.empty() || !last;
  const std::int32_t id = nghttp2_submit_request(impl_->native.get(), nullptr, impl_->pairs.data(), impl_->pairs.size(),
                                                 has_body ? &source : nullptr, nullptr);
  if (id < 0) {
    draining_ = true;  // no number is left, or no memory
    return false;
  }
  on.begin(*this, id, head.method() == "HEAD");
  on.outgoing_ = body;
  on.outgoing_last_ = last;
  streams_.emplace(id, &on);
  return true;
}

void session::adopt(stream& on) {
  on.begin(*this, 1, how_ == beginning::upgraded_by_head);
  streams_.emplace(1, &on);
}

void session::close(stream& done) noexcept {
  const auto found = streams_.find(done.id_);
  if (found != streams_.end() && found->second == &done) {
    streams_.erase(found);
    if (!over_) nghttp2_submit_rst_stream(impl_->native.get(), NGHTTP2_FLAG_NONE, done.id_, NGHTTP2_CANCEL);
  }
  done.outgoing_ = {};
  done.closed_ = true;
  done.unlink();
}

bool session::receive(std::string_view bytes) {
  if (over_) return false;
  nghttp2_session* const native = impl_->native.get();
  const ssize_t used =
      nghttp2_session_mem_recv(native, reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
  if (used < 0) {
    if (mistake_.empty()) mistake_ = nghttp2_strerror(static_cast<int>(used));
    fail_all(fault::protocol, broken_rules());
  }
  return !over_;
}

void session::end(std::string_view reason) {
  if (!over_) fail_all(fault::cut_off, std::string(reason));
}

bool session::output(std::string& out, std::size_t most) {
  nghttp2_session* const native = impl_->native.get();
  while (out.size() < most) {
    const std::uint8_t* frame = nullptr;
    const ssize_t size = nghttp2_session_mem_send(native, &frame);
    if (size < 0) {
      end("HTTP/2: " + std::string(nghttp2_strerror(static_cast<int>(size))));
      return false;
    }
    if (size == 0) break;
    out.append(reinterpret_cast<const char*>(frame), static_cast<std::size_t>(size));
  }
  // A mistake of the peer ends the connection once the GOAWAY that tells it so is out; then there is nothing to read.
  if (!over_ && !nghttp2_session_want_read(native)) {
    fail_all(fault::protocol, broken_rules());
  }
  return !over_;
}

bool session::wants_output() const { return nghttp2_session_want_write(impl_->native.get()) != 0; }

void session::ping() { nghttp2_submit_ping(impl_->native.get(), NGHTTP2_FLAG_NONE, nullptr); }

std::size_t session::capacity() const {
  const std::uint32_t theirs =
      nghttp2_session_get_remote_settings(impl_->native.get(), NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS);
  return std::min<std::size_t>(limits_.streams, settled_ ? theirs : usual_streams);
}

std::string session::broken_rules() const {
  return "the server broke the rules of HTTP/2" + (mistake_.empty() ? "" : ": " + mistake_);
}

void session::consumed(const stream& which, std::size_t bytes) {
  if (which.closed_ || which.ended_ || over_) return;
  nghttp2_session_consume_stream(impl_->native.get(), which.id_, bytes);
}

void session::resume(const stream& which) {
  if (!which.closed_ && !over_) nghttp2_session_resume_data(impl_->native.get(), which.id_);
}

/// In the order they were made, in which they will be made again.
void session::refuse_behind(std::int32_t last) {
  for (auto at = streams_.upper_bound(last); at != streams_.end(); at = streams_.erase(at)) {
    stream& on = *at->second;
    on.closed_ = true;
    on.outgoing_ = {};
    on.refused_ = !on.ended_;
    on.fail(fault::cut_off, std::string(goes_away));
    changed(on);
  }
}

void session::fail_all(stream::fault why, std::string reason) {
  over_ = true;
  reason_ = std::move(reason);
  for (const auto& [id, on] : streams_) {
    on->closed_ = true;
    on->connection_lost_ = true;
    on->outgoing_ = {};
    on->fail(why, reason_);
    changed(*on);
  }
  streams_.clear();
}

}  // namespace braid::http::h2
