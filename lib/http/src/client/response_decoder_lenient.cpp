#include "client/response_decoder.hpp"
#include "field_bytes.hpp"

// Heads of servers that do not keep to the letter of RFC 9112, where the wire form asks for lenience.

namespace braid::http {

namespace {

/// More than 64 bits: no body is so long, so that it ends with the connection.
bool is_huge_number(std::string_view text) {
  return text.size() >= 20 && text.find_first_not_of("0123456789") == text.npos;
}

}  // namespace

/// HTTP/0.9: all of it is the body.
response_decoder::event response_decoder::start_without_head() {
  status_ = 200;
  version_ = 9;
  reason_text_.clear();
  fields_.clear();
  framing_ = framing::until_close;
  keep_alive_ = false;
  stage_ = stage::body;
  in_body_ = true;
  return event::head;
}

response_decoder::event response_decoder::decode_lenient_head(std::string_view input, bool last) {
  lenient_head& from = *lenient_;
  for (;;) {
    const std::string_view rest = input.substr(consumed_);
    if (rest.empty()) return event::need_more;
    const lenient_head::outcome what = from.read(rest, last);
    consumed_ += from.consumed();
    switch (what) {
      case lenient_head::outcome::need_more:
        return event::need_more;
      case lenient_head::outcome::not_http:
        if (served_ > 1 || informational_ > 0 || (form_->http_0_9 && to_head_)) {
          return fail(fault::protocol, "bad response header");
        }
        return form_->http_0_9 ? start_without_head() : fail(fault::protocol, "the answer is not HTTP");
      case lenient_head::outcome::bad_version:
        if (from.text().starts_with("HTTP/2") || from.text().starts_with("HTTP/3"))
          return fail(fault::protocol, "the response claims HTTP/2 or 3 over HTTP/1.1");
        return fail(fault::protocol, "the response's HTTP version is not 1.0 or 1.1");
      case lenient_head::outcome::malformed:
        return fail(fault::protocol, "bad response header");
      case lenient_head::outcome::too_long:
        return fail(fault::limit, "the response's header is too large");
      case lenient_head::outcome::line_too_long:
        return fail(fault::limit, "a line of the response's header is too large");
      case lenient_head::outcome::status:
        status_ = from.status();
        version_ = from.version();
        reason_text_ = from.reason();
        fields_.clear();
        has_length_ = has_coding_ = chunked_last_ = other_coding_ = close_named_ = keep_alive_named_ = last_named_ =
            false;
        break;
      case lenient_head::outcome::field:
        if (!take_lenient_field(from.name(), from.value())) return event::failed;
        break;
      case lenient_head::outcome::end:
        tell(wire_event::head_received, from.text());
        from.reset();
        if (has_coding_) has_length_ = false;
        if (const event head = check_head(); head != event::need_more) return head;
        continue;
    }
    tell(wire_event::head_received, from.text());
  }
}

/// As take_codings(), but "identity" is none, and "chunked" may be said twice.
void response_decoder::take_lenient_codings(std::string_view value) {
  for_each_element(value, [&](std::string_view coding) {
    if (coding.empty()) return;
    if (equal_ignoring_case(coding, "chunked")) {
      has_coding_ = chunked_last_ = true;
    } else if (!form_->raw_body && (!equal_ignoring_case(coding, "identity") || chunked_last_)) {
      other_coding_ = true;
    }
  });
}

bool response_decoder::take_lenient_field(std::string_view name, std::string_view value) {
  if (fields_.size() >= limits_.header_count) {
    fail(fault::limit, "the response has too many header lines");
    return false;
  }
  if (equal_ignoring_case(name, "Content-Length")) {
    if (!form_->ignore_length && !is_huge_number(value) && !take_length(value)) {
      fail(fault::protocol, "bad Content-Length in the response");
      return false;
    }
  } else if (equal_ignoring_case(name, "Transfer-Encoding")) {
    take_lenient_codings(value);
    if (other_coding_) {
      reason_text_ = "the response has a transfer coding that was not asked for: " + std::string(value);
      fail(fault::protocol, reason_text_);
      return false;
    }
  } else if (equal_ignoring_case(name, "Connection")) {
    take_connection(value);
  } else if (equal_ignoring_case(name, "Keep-Alive")) {
    take_keep_alive(value);
  }
  fields_.add_checked(name, value);
  return true;
}

}  // namespace braid::http
