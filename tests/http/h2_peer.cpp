#include "h2_peer.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <stdexcept>

namespace h2_tests {

namespace {

std::vector<nghttp2_nv> pairs_of(const field_list& fields) {
  const auto bytes = [](const std::string& text) {
    return const_cast<std::uint8_t*>(reinterpret_cast<const std::uint8_t*>(text.data()));
  };
  std::vector<nghttp2_nv> out;
  for (const auto& [name, value] : fields) {
    out.push_back({bytes(name), bytes(value), name.size(), value.size(), NGHTTP2_NV_FLAG_NONE});
  }
  return out;
}

std::string text_of(const std::uint8_t* data, std::size_t size) { return {reinterpret_cast<const char*>(data), size}; }

}  // namespace

struct h2_peer::callbacks {
  static h2_peer& of(void* user) { return *static_cast<h2_peer*>(user); }

  static int header(nghttp2_session*, const nghttp2_frame* frame, const std::uint8_t* name, std::size_t name_size,
                    const std::uint8_t* value, std::size_t value_size, std::uint8_t, void* user) {
    request& to = of(user).requests_[frame->hd.stream_id];
    to.fields.emplace_back(text_of(name, name_size), text_of(value, value_size));
    return 0;
  }
  static int data(nghttp2_session*, std::uint8_t, std::int32_t id, const std::uint8_t* bytes, std::size_t size,
                  void* user) {
    of(user).requests_[id].body += text_of(bytes, size);
    return 0;
  }
  static int frame(nghttp2_session*, const nghttp2_frame* frame, void* user) {
    h2_peer& self = of(user);
    const std::int32_t id = frame->hd.stream_id;
    if (frame->hd.type == NGHTTP2_RST_STREAM) self.resets_[id] = frame->rst_stream.error_code;
    if (frame->hd.type == NGHTTP2_PING && !(frame->hd.flags & NGHTTP2_FLAG_ACK)) ++self.pings_;
    if (frame->hd.type != NGHTTP2_HEADERS && frame->hd.type != NGHTTP2_DATA) return 0;
    request& to = self.requests_[id];
    if (frame->hd.type == NGHTTP2_HEADERS) ++to.headers_seen;
    if (!(frame->hd.flags & NGHTTP2_FLAG_END_STREAM)) return 0;
    to.complete = true;
    if (self.on_request_) self.on_request_(self, id, to);
    return 0;
  }
  static int closed(nghttp2_session*, std::int32_t id, std::uint32_t, void* user) {
    h2_peer& self = of(user);
    if (!self.forgetful_) return 0;
    self.requests_.erase(id);
    self.bodies_.erase(id);
    self.resets_.erase(id);
    return 0;
  }
  static ssize_t read(nghttp2_session* session, std::int32_t id, std::uint8_t* into, std::size_t room,
                      std::uint32_t* flags, nghttp2_data_source*, void* user) {
    outgoing& from = of(user).bodies_[id];
    const std::size_t size = std::min(room, from.bytes.size() - from.done);
    if (size == 0 && from.open) return NGHTTP2_ERR_DEFERRED;
    if (size > 0) std::memcpy(into, from.bytes.data() + from.done, size);
    from.done += size;
    if (from.done == from.bytes.size() && !from.open) {
      *flags |= NGHTTP2_DATA_FLAG_EOF;
      if (!from.trailers.empty()) {
        *flags |= NGHTTP2_DATA_FLAG_NO_END_STREAM;
        const std::vector<nghttp2_nv> pairs = pairs_of(from.trailers);
        nghttp2_submit_trailer(session, id, pairs.data(), pairs.size());
      }
    }
    return static_cast<ssize_t>(size);
  }
};

h2_peer::h2_peer(handler on_request, std::uint32_t max_streams, std::uint32_t window)
    : on_request_(std::move(on_request)) {
  nghttp2_session_callbacks* made = nullptr;
  nghttp2_session_callbacks_new(&made);
  nghttp2_session_callbacks_set_on_header_callback(made, callbacks::header);
  nghttp2_session_callbacks_set_on_data_chunk_recv_callback(made, callbacks::data);
  nghttp2_session_callbacks_set_on_frame_recv_callback(made, callbacks::frame);
  nghttp2_session_callbacks_set_on_stream_close_callback(made, callbacks::closed);
  const int failed = nghttp2_session_server_new(&session_, made, this);
  nghttp2_session_callbacks_del(made);
  if (failed != 0) throw std::runtime_error(nghttp2_strerror(failed));
  const std::array<nghttp2_settings_entry, 2> settings{
      {{NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, max_streams}, {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, window}}};
  nghttp2_submit_settings(session_, NGHTTP2_FLAG_NONE, settings.data(), settings.size());
}

h2_peer::~h2_peer() { nghttp2_session_del(session_); }

void h2_peer::upgrade(std::string_view settings, bool to_head) {
  const int failed = nghttp2_session_upgrade2(session_, reinterpret_cast<const std::uint8_t*>(settings.data()),
                                              settings.size(), to_head ? 1 : 0, nullptr);
  if (failed != 0) throw std::runtime_error(nghttp2_strerror(failed));
}

bool h2_peer::receive(std::string_view bytes) {
  const ssize_t used =
      nghttp2_session_mem_recv(session_, reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
  return used >= 0 && nghttp2_session_want_read(session_) != 0;
}

std::string h2_peer::output() {
  std::string out;
  for (;;) {
    const std::uint8_t* frame = nullptr;
    const ssize_t size = nghttp2_session_mem_send(session_, &frame);
    if (size <= 0) return out;
    out += text_of(frame, static_cast<std::size_t>(size));
  }
}

void h2_peer::respond(std::int32_t id, const field_list& fields, std::string body, field_list trailers) {
  const std::vector<nghttp2_nv> pairs = pairs_of(fields);
  outgoing& to = bodies_[id];
  to.bytes = std::move(body);
  to.trailers = std::move(trailers);
  nghttp2_data_provider source{};
  source.read_callback = callbacks::read;
  const bool has_body = !to.bytes.empty() || !to.trailers.empty() || to.open;
  nghttp2_submit_response(session_, id, pairs.data(), pairs.size(), has_body ? &source : nullptr);
}

void h2_peer::headers(std::int32_t id, const field_list& fields, bool last) {
  const std::vector<nghttp2_nv> pairs = pairs_of(fields);
  nghttp2_submit_headers(session_, last ? NGHTTP2_FLAG_END_STREAM : NGHTTP2_FLAG_NONE, id, nullptr, pairs.data(),
                         pairs.size(), nullptr);
}

void h2_peer::reset(std::int32_t id, std::uint32_t code) {
  nghttp2_submit_rst_stream(session_, NGHTTP2_FLAG_NONE, id, code);
}

void h2_peer::goaway(std::int32_t last_id, std::uint32_t code) {
  nghttp2_submit_goaway(session_, NGHTTP2_FLAG_NONE, last_id, code, nullptr, 0);
}

void h2_peer::ping() { nghttp2_submit_ping(session_, NGHTTP2_FLAG_NONE, nullptr); }

void h2_peer::more(std::int32_t id, std::string_view bytes, bool last) {
  outgoing& to = bodies_[id];
  to.bytes += bytes;
  to.open = !last;
  nghttp2_session_resume_data(session_, id);
}

}  // namespace h2_tests
