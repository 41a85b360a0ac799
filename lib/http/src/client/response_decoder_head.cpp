#include <algorithm>
#include <array>
#include <vector>

#include <braid/http/status.hpp>

#include "client/head_lines.hpp"
#include "client/response_decoder.hpp"

// The strict reading of heads.

namespace braid::http {

namespace {

constexpr std::size_t most_blank_lines = 4;  // before a status line; some servers end a body with one too many

}  // namespace

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

}  // namespace braid::http
