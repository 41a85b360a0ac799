#include "h2/stream.hpp"

#include <algorithm>
#include <charconv>

#include <braid/http/status.hpp>

#include "client/trailer.hpp"
#include "h2/session.hpp"
#include "h2/shown_head.hpp"

namespace braid::http::h2 {

void stream::begin(session& owner, std::int32_t id, bool to_head) {
  session_ = &owner;
  id_ = id;
  to_head_ = to_head;
  version_ = 20;
}

stream::event stream::next() {
  if (!reading_.empty()) {
    session_->consumed(*this, reading_.size());
    reading_.clear();
  }
  if (head_ready_ && !in_body_) {
    in_body_ = true;
    return event::head;
  }
  if (in_body_ && !received_.empty()) {
    reading_.swap(received_);
    body_ = reading_;
    left_ -= std::min<std::uint64_t>(left_, body_.size());
    return event::body;
  }
  if (fault_ != fault::none) return event::failed;
  return ended_ && in_body_ ? event::complete : event::need_more;
}

void stream::send(std::string_view piece, bool last) {
  outgoing_ = piece;
  outgoing_last_ = last;
  session_->resume(*this);
}

/// All fields of the final response's header are there.
void stream::take_head() {
  head_ready_ = true;
  if (to_head_ || is_bodyless(status_) || ended_) {
    framing_ = framing::none;
    return;
  }
  framing_ = framing::until_close;
  // nghttp2 has checked that it is one number, and counts the bytes.
  const auto text = fields_.get("content-length");
  if (!text) return;
  framing_ = framing::length;
  std::from_chars(text->data(), text->data() + text->size(), length_);
  left_ = length_;
}

void stream::show_head() const {
  if (tap_ && *tap_) (*tap_)(wire_event::head_received, shown_response(status_, fields_));
}

void stream::show_trailers() const {
  if (tap_ && *tap_ && trailers_) (*tap_)(wire_event::trailer_received, shown_fields(*trailers_));
}

void stream::add_trailer(std::string_view name, std::string_view value) {
  if (!may_be_trailer(name)) return;
  if (!trailers_) trailers_ = std::make_shared<headers>();
  trailers_->add_checked(name, value);
}

void stream::fail(fault why, std::string reason) {
  if (fault_ != fault::none || ended_) return;
  fault_ = why;
  failure_ = std::move(reason);
  reason_ = failure_;
}

}  // namespace braid::http::h2
