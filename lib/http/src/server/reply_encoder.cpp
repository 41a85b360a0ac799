#include "server/reply_encoder.hpp"

#include <array>
#include <charconv>
#include <chrono>

#include <braid/http/date.hpp>

namespace braid::http {

namespace {

void append_number(std::string& out, std::uint64_t value) {
  std::array<char, 20> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  out.append(digits.data(), end);
}

bool has_no_body(int status) { return status / 100 == 1 || status == 204 || status == 304; }

}  // namespace

std::string_view reason_phrase(int status) {
  switch (status) {
    case 100:
      return "Continue";
    case 101:
      return "Switching Protocols";
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 202:
      return "Accepted";
    case 204:
      return "No Content";
    case 206:
      return "Partial Content";
    case 301:
      return "Moved Permanently";
    case 302:
      return "Found";
    case 303:
      return "See Other";
    case 304:
      return "Not Modified";
    case 307:
      return "Temporary Redirect";
    case 308:
      return "Permanent Redirect";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 406:
      return "Not Acceptable";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 410:
      return "Gone";
    case 411:
      return "Length Required";
    case 412:
      return "Precondition Failed";
    case 413:
      return "Content Too Large";
    case 414:
      return "URI Too Long";
    case 415:
      return "Unsupported Media Type";
    case 416:
      return "Range Not Satisfiable";
    case 417:
      return "Expectation Failed";
    case 422:
      return "Unprocessable Content";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 502:
      return "Bad Gateway";
    case 503:
      return "Service Unavailable";
    case 504:
      return "Gateway Timeout";
    case 505:
      return "HTTP Version Not Supported";
    default:
      return "Unknown";
  }
}

reply_encoder::plan reply_encoder::decide(const reply& answer, std::string_view method, int version, bool keep_alive) {
  plan out;
  out.keep_alive = keep_alive && !answer.close_;
  if (has_no_body(answer.status_)) {
    out.body = framing::none;
  } else if (!answer.stream_ || answer.length_) {
    out.body = framing::length;
  } else if (version >= 11) {
    out.body = framing::chunked;
  } else {
    out.body = framing::until_close;
    // The end of the connection ends the body; a HEAD has none to end.
    if (method != "HEAD") out.keep_alive = false;
  }
  return out;
}

void reply_encoder::date(std::string& out, std::time_t now) {
  if (now != date_second_) {
    date_line_ = "Date: ";
    append_date(date_line_, std::chrono::sys_seconds(std::chrono::seconds(now)));
    date_line_ += "\r\n";
    date_second_ = now;
  }
  out += date_line_;
}

void reply_encoder::head(std::string& out, const reply& answer, const plan& how, int version, std::time_t now) {
  if (answer.status_ == 200) {
    out += "HTTP/1.1 200 OK\r\n";
  } else {
    out += "HTTP/1.1 ";
    append_number(out, static_cast<std::uint64_t>(answer.status_));
    out += ' ';
    out += reason_phrase(answer.status_);
    out += "\r\n";
  }
  date(out, now);
  out += answer.fields_;
  switch (how.body) {
    case framing::none:
    case framing::until_close:
      break;
    case framing::length:
      out += "Content-Length: ";
      append_number(out, answer.length_.value_or(answer.body().size()));
      out += "\r\n";
      break;
    case framing::chunked:
      out += "Transfer-Encoding: chunked\r\n";
      break;
  }
  if (!how.keep_alive) {
    out += "Connection: close\r\n";
  } else if (version < 11) {
    out += "Connection: keep-alive\r\n";
  }
  out += "\r\n";
}

void reply_encoder::fields(std::string& out, const reply& answer, const plan& how, std::time_t now) {
  date(out, now);
  out += answer.fields_;
  if (how.body != framing::length) return;
  out += "Content-Length: ";
  append_number(out, answer.length_.value_or(answer.body().size()));
  out += "\r\n";
}

void reply_encoder::chunk_begin(std::string& out, std::size_t size) {
  std::array<char, 16> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), size, 16).ptr;
  out.append(digits.data(), end);
  out += "\r\n";
}

}  // namespace braid::http
