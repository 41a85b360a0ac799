#include "client/response_decoder.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

#include <braid/http/status.hpp>

#include "client/head_lines.hpp"
#include "client/trailer.hpp"
#include "field_bytes.hpp"

namespace braid::http {

namespace {

constexpr std::size_t most_blank_lines = 4;  // before a status line; some servers end a body with one too many

/// A number of digits alone, and too few of them to overflow.
std::optional<std::uint64_t> short_number(std::string_view text) {
  if (text.empty() || text.size() > 18) return std::nullopt;
  std::uint64_t out = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    out = out * 10 + static_cast<std::uint64_t>(c - '0');
  }
  return out;
}

}  // namespace

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

// --- header fields that decide where the body ends -------------------------------------------------------------------

/// False for what is no number, and for a second number that differs.
bool response_decoder::take_length(std::string_view value) {
  const std::optional<std::uint64_t> usual = has_length_ ? std::nullopt : short_number(value);
  if (usual) {
    has_length_ = true;
    length_ = *usual;
    return true;
  }
  bool good = true;
  for_each_element(value, [&](std::string_view digits) {
    std::uint64_t number = 0;
    const char* const end = digits.data() + digits.size();
    const auto read = std::from_chars(digits.data(), end, number);
    if (read.ec != std::errc() || read.ptr != end || digits[0] == '-') good = false;
    if (has_length_ && number != length_) good = false;
    has_length_ = true;
    length_ = number;
  });
  return good;
}

void response_decoder::take_codings(std::string_view value) {
  has_coding_ = true;
  for_each_element(value, [&](std::string_view coding) {
    if (chunked_last_) other_coding_ = true;
    chunked_last_ = equal_ignoring_case(coding, "chunked");
    if (!chunked_last_) other_coding_ = true;
  });
}

void response_decoder::take_connection(std::string_view value) {
  for_each_element(value, [&](std::string_view option) {
    if (equal_ignoring_case(option, "close")) close_named_ = true;
    if (equal_ignoring_case(option, "keep-alive")) keep_alive_named_ = true;
  });
}

/// "timeout=5, max=100": parameters that everybody sends and RFC 2068 (19.7.1.1) had.
void response_decoder::take_keep_alive(std::string_view value) {
  for_each_element(value, [&](std::string_view one) {
    const std::size_t equals = std::min(one.find('='), one.size());
    const std::string_view name = trimmed(one.substr(0, equals));
    const std::string_view text = trimmed(one.substr(std::min(equals + 1, one.size())));
    std::uint32_t number = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return;
    const bool time = equal_ignoring_case(name, "timeout");
    if (number == 0 && (time || equal_ignoring_case(name, "max"))) last_named_ = true;
    if (number != 0 && time) rest_seconds_ = number;
  });
}

// --- the head --------------------------------------------------------------------------------------------------------

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

/// Takes a head that has come as a whole and is as it should be, as most are. False, with nothing done, for others.
bool response_decoder::take_common_head(std::string_view input) {
  std::array<headers::place, 32> room;
  field_places fields{{room.data(), std::min(room.size(), limits_.header_count)}};
  status_line first;
  if (read_head(input, first, fields, head_size_) != line_fault::none) return false;
  if (head_size_ > limits_.header_bytes) return false;
  take_lines(input.substr(0, head_size_), first, fields.found());
  return true;
}

/// A whole head that the scanner has let pass.
bool response_decoder::take_scanned_head(std::string_view head) {
  std::vector<headers::place> room(limits_.header_count);
  field_places fields{room};
  status_line first;
  switch (read_head(head, first, fields, head_size_)) {
    case line_fault::none:
      take_lines(head, first, fields.found());
      return true;
    case line_fault::bad_version:
      fail(fault::protocol, "the response's HTTP version is not 1.0 or 1.1");
      return false;
    case line_fault::bad_status:
      fail(fault::protocol, "bad status in the response");
      return false;
    case line_fault::bad_line:
    case line_fault::cut_off:
    case line_fault::too_many:
      break;
  }
  fail(fault::protocol, "bad response header");
  return false;
}

void response_decoder::take_lines(std::string_view head, const status_line& first,
                                  std::span<const headers::place> fields) {
  status_ = first.status;
  version_ = first.version;
  reason_text_.assign(first.reason);
  fields_.assign_block(head, fields);
}

/// What the fields say of the body's end and of the connection's.
bool response_decoder::take_fields() {
  has_length_ = has_coding_ = chunked_last_ = other_coding_ = close_named_ = keep_alive_named_ = last_named_ = false;
  for (const headers::field& line : fields_) {
    switch (line.name.size()) {
      case std::string_view("Connection").size():
        static_assert(std::string_view("Keep-Alive").size() == std::string_view("Connection").size());
        if (equal_ignoring_case(line.name, "Connection")) take_connection(line.value);
        if (equal_ignoring_case(line.name, "Keep-Alive")) take_keep_alive(line.value);
        break;
      case std::string_view("Content-Length").size():
        if (equal_ignoring_case(line.name, "Content-Length") && !take_length(line.value)) {
          fail(fault::protocol, "bad Content-Length in the response");
          return false;
        }
        break;
      case std::string_view("Transfer-Encoding").size():
        if (equal_ignoring_case(line.name, "Transfer-Encoding")) take_codings(line.value);
        break;
      default:
        break;
    }
  }
  return true;
}

response_decoder::event response_decoder::decode_head(std::string_view input) {
  if (lenient_) return decode_lenient_head(input, false);
  for (;;) {
    while (input.size() - consumed_ >= 2 && input[consumed_] == '\r' && input[consumed_ + 1] == '\n') {
      if (++blank_lines_ > most_blank_lines) return fail(fault::protocol, "empty lines before the response");
      consumed_ += 2;
    }
    const std::string_view rest = input.substr(consumed_);
    if (rest.empty() || rest == "\r") return event::need_more;
    constexpr std::string_view name = "HTTP/";
    const std::size_t common = std::min(rest.size(), name.size());
    if (rest.substr(0, common) != name.substr(0, common)) return fail(fault::protocol, "the answer is not HTTP");
    if (scanner_.is_fresh() && take_common_head(rest)) {
      if (!take_fields()) return event::failed;
    } else {
      const event scanned = scan_head(rest);
      if (scanned != event::head) return scanned;
    }
    tell(wire_event::head_received, rest.substr(0, head_size_));
    consumed_ += head_size_;
    const event what = check_head();
    if (what != event::need_more) return what;
    scanner_.reset();  // 1xx: the final response is still to come
    blank_lines_ = 0;
  }
}

response_decoder::event response_decoder::switch_protocols() {
  if (!allows_http2_) return fail(fault::protocol, "the server switched protocols without being asked to");
  const auto to = fields_.get("Upgrade");
  if (!to || !equal_ignoring_case(*to, "h2c")) {
    return fail(fault::protocol, "the server switched to another protocol than HTTP/2, which was asked for");
  }
  framing_ = framing::none;
  keep_alive_ = false;
  stage_ = stage::done;
  in_body_ = true;
  return event::head;
}

/// The long way, which also tells what is wrong with a head, and waits for one that comes in pieces.
response_decoder::event response_decoder::scan_head(std::string_view rest) {
  switch (scanner_.scan(rest)) {
    case head_scanner::outcome::need_more:
      return event::need_more;
    case head_scanner::outcome::malformed:
      return fail(fault::protocol, "bad line in the response's header");
    case head_scanner::outcome::line_too_long:
    case head_scanner::outcome::head_too_long:
      return fail(fault::limit, "the response's header is too large");
    case head_scanner::outcome::too_many_fields:
      return fail(fault::limit, "the response has too many header lines");
    case head_scanner::outcome::complete:
      break;
  }
  const bool good = take_scanned_head(rest.substr(0, scanner_.head_size())) && take_fields();
  return good ? event::head : event::failed;
}

response_decoder::event response_decoder::check_head() {
  if (status_ < 100) return fail(fault::protocol, "bad status in the response");
  if (status_ == 101) return switch_protocols();
  if (status_ / 100 == 1) {
    if (++informational_ > limits_.informational) return fail(fault::limit, "too many 1xx responses");
    tell_informational();
    return event::need_more;
  }
  keep_alive_ = version_ >= 11 ? !close_named_ : keep_alive_named_ && !close_named_;
  if (last_named_) keep_alive_ = false;
  left_ = 0;
  if (has_length_ && has_coding_) {
    return fail(fault::protocol, "the response has both Content-Length and Transfer-Encoding");
  }
  if (to_head_ || is_bodyless(status_)) {
    framing_ = framing::none;
  } else if (chunked_last_) {
    if (other_coding_) return fail(fault::protocol, "the response has a transfer coding that was not asked for");
    if (version_ < 11 && !lenient_) return fail(fault::protocol, "chunks in an HTTP/1.0 response");
    framing_ = framing::chunked;
    chunks_.reset(lenient_ != nullptr);
  } else if (has_length_) {
    framing_ = framing::length;
    left_ = length_;
  } else {
    framing_ = framing::until_close;
    keep_alive_ = false;
  }
  stage_ = stage::body;
  in_body_ = true;
  return event::head;
}

// --- the body --------------------------------------------------------------------------------------------------------

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
