#include "client/response_decoder.hpp"

#include <algorithm>

#include "client/trailer.hpp"
#include "field_bytes.hpp"

namespace braid::http {

response_decoder::response_decoder(const response_limits& limits)
    : limits_(limits),
      scanner_(limits.header_bytes, limits.header_bytes, limits.header_count),
      chunks_(limits.chunk_line_bytes) {}

void response_decoder::start(bool to_head, const wire_form* form) {
  to_head_ = to_head;
  allows_http2_ = false;
  rest_seconds_.reset();
  ++served_;
  form_ = form;
  lenient_.reset();
  if (form && form->lenient) lenient_ = std::make_unique<lenient_head>(limits_.header_bytes);
  informational_ = 0;
  blank_lines_ = 0;
  stage_ = stage::before;
  in_body_ = false;
  trailers_.reset();
  fault_ = fault::none;
  reason_ = {};
  body_ = {};
  scanner_.reset();
}

response_decoder::event response_decoder::fail(fault why, std::string_view reason) {
  stage_ = stage::failed;
  fault_ = why;
  reason_ = reason;
  keep_alive_ = false;
  return event::failed;
}

response_decoder::event response_decoder::decode(std::string_view input) {
  consumed_ = 0;
  body_ = {};
  switch (stage_) {
    case stage::before:
      return decode_head(input);
    case stage::body:
      break;
    case stage::done:
      return event::complete;
    case stage::failed:
      return event::failed;
  }
  switch (framing_) {
    case framing::none:
      return complete(input);
    case framing::length: {
      const std::size_t size = static_cast<std::size_t>(std::min<std::uint64_t>(input.size(), left_));
      if (left_ == 0) return complete(input);
      if (size == 0) return event::need_more;
      body_ = input.substr(0, size);
      consumed_ = size;
      left_ -= size;
      return event::body;
    }
    case framing::chunked:
      return decode_chunks(input);
    case framing::until_close:
      if (input.empty()) return event::need_more;
      body_ = input;
      consumed_ = input.size();
      return event::body;
  }
  return event::failed;
}

void response_decoder::tell(wire_event what, std::string_view bytes) const {
  if (form_ && form_->tap) form_->tap(what, bytes);
}

// --- the body
// ---------------------------------------------------------------------------------------------------------

response_decoder::event response_decoder::complete(std::string_view rest) {
  // What follows on a connection that is to close belongs to no request: somebody counted wrong, or smuggles.
  if (lenient_ && rest.size() > consumed_) {
    keep_alive_ = false;
  } else if (!keep_alive_ && !to_head_ && rest.size() > consumed_) {
    return fail(fault::protocol, "the response is longer than its header says");
  }
  stage_ = stage::done;
  return event::complete;
}

namespace {

/// Lines that the chunk reader has checked, or that were read leniently: then what is no field is passed over.
std::shared_ptr<headers> parse_trailers(std::string_view lines) {
  auto out = std::make_shared<headers>();
  while (!lines.empty()) {
    const std::size_t end = lines.find("\r\n");
    const std::string_view line = lines.substr(0, end);
    lines.remove_prefix(end + 2);
    const std::size_t colon = std::min(line.find(':'), line.size());
    const std::string_view name = line.substr(0, colon), value = line.substr(std::min(colon + 1, line.size()));
    if (may_be_trailer(name) && is_field_value(value)) out->add(name, value);
  }
  return out;
}

}  // namespace

response_decoder::event response_decoder::decode_chunks(std::string_view input) {
  const chunk_reader::outcome what = chunks_.read(input);
  consumed_ = chunks_.consumed();
  const bool broken = what == chunk_reader::outcome::malformed || what == chunk_reader::outcome::too_long;
  if (form_ && form_->raw_body && consumed_ > 0 && !broken) {
    body_ = input.substr(0, consumed_);
    return event::body;
  }
  switch (what) {
    case chunk_reader::outcome::need_more:
      return event::need_more;
    case chunk_reader::outcome::data:
      body_ = chunks_.data();
      return event::body;
    case chunk_reader::outcome::end:
      if (!chunks_.trailers().empty() && !(form_ && form_->raw_body)) {
        tell(wire_event::trailer_received, chunks_.trailers());
        trailers_ = parse_trailers(chunks_.trailers());
      }
      return complete(input);
    case chunk_reader::outcome::bad_trailer:
      return fail(fault::protocol, "bad response header behind the last chunk");
    case chunk_reader::outcome::malformed:
      return fail(fault::protocol, "broken chunk in the response");
    case chunk_reader::outcome::too_long:
      return fail(fault::limit, "a chunk's head or the trailers are too long");
  }
  return event::failed;
}

response_decoder::event response_decoder::finish(std::string_view rest) {
  if (stage_ == stage::failed) return event::failed;
  if (stage_ == stage::before && lenient_ && !rest.empty()) {
    consumed_ = 0;
    decode_lenient_head(rest, true);
    if (stage_ == stage::failed) return event::failed;
  }
  const bool ended = stage_ == stage::done ||
                     (stage_ == stage::body && (framing_ == framing::until_close || framing_ == framing::none ||
                                                (framing_ == framing::length && left_ == 0)));
  if (!ended) return fail(fault::cut_off, "connection lost");
  stage_ = stage::done;
  keep_alive_ = false;
  return event::complete;
}

}  // namespace braid::http
