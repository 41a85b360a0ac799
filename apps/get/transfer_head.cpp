// The heads of a transfer's responses: what is told of them, and whether the body is wanted.
#include <algorithm>

#include "get_error.hpp"
#include "http_date.hpp"
#include "transfer.hpp"

namespace braid::get {

/// A head that has no text, as it came from a cache, as curl writes it.
std::string text_of(const http::response_head& head) {
  const std::string version = head.version() == 20 ? "2" : head.version() == 10 ? "1.0" : "1.1";
  std::string text = "HTTP/" + version + " " + std::to_string(head.status()) + " " + head.reason() + "\r\n";
  for (const http::headers::field field : head.headers()) {
    text += std::string(field.name) + ": " + std::string(field.value) + "\r\n";
  }
  return text + "\r\n";
}

void transfer::set_times(const http::response_head& head) {
  const http::request_timings& times = head.timings();
  report_.status = head.status();
  report_.version = head.version();
  seen_old_ = seen_old_ || head.version() == 10;
  const bool kept = http::equal_ignoring_case(head.header("Connection").value_or(""), "keep-alive");
  session_.note_version(where_.origin(), head.version() == 10 && kept);
  report_.content_type = head.header("Content-Type").value_or("");
  retry_after_ = head.header("Retry-After").value_or("");
  report_.fields.clear();
  for (const http::headers::field field : head.headers()) {
    report_.fields.push_back({std::string(field.name), std::string(field.value)});
    report_.all_fields.push_back(report_.fields.back());
  }
  session_.take_cookies(cookie_url(), head.headers());
  if (!times.reused) ++report_.connects;
  const duration before = clock::now() - began_ - times.first_byte;
  report_.resolve = before + times.resolve;
  report_.connect = report_.resolve + times.connect;
  report_.tls = times.tls > duration::zero() ? report_.connect + times.tls : duration::zero();
  report_.before_request = std::max(report_.connect, report_.tls);
  report_.first_byte = before + times.first_byte;
  const session::ends both = session_.ends_of(where_.host + ":" + std::to_string(where_.port));
  const auto split = [](const std::string& text, std::string& ip, unsigned& port) {
    const std::size_t colon = text.rfind(':');
    ip = text.substr(0, colon);
    if (ip.starts_with('[') && ip.ends_with(']')) ip = ip.substr(1, ip.size() - 2);
    if (colon != std::string::npos) port = static_cast<unsigned>(std::atoi(text.c_str() + colon + 1));
  };
  split(both.peer, report_.remote_ip, report_.remote_port);
  split(both.own, report_.local_ip, report_.local_port);
  report_.certificates = both.certificates;
}

/// Looks at the final head before its body: false where that is not to be written. Throws: get_error.
bool transfer::check_head(const http::response_head& head) {
  const int status = head.status();
  const bool resumed = resume_ > 0 && method_ == "GET";
  const bool complete = resumed && status == 416;
  if (status >= 400 && !complete) {
    if (options_.fail) {
      write_heads(true);
      throw get_error(http_error, "The requested URL returned error: " + std::to_string(status));
    }
    failed_status_ = options_.fail_with_body;
  }
  prepare_output(head);
  write_heads(true);
  if (complete) return false;
  const auto length = head.header("Content-Length");
  if (resumed && length && *length == std::to_string(resume_) && status == 200) return false;
  if (resumed && !head.header("Content-Range")) {
    throw get_error(no_ranges, "HTTP server does not seem to support byte ranges. Cannot resume.");
  }
  if (options_.max_file_size > 0 && length && !options_.head_only &&
      (length->size() > 19 || std::strtoull(std::string(*length).c_str(), nullptr, 10) > options_.max_file_size)) {
    throw get_error(file_too_large, "Maximum file size exceeded");
  }
  const auto modified = head.header("Last-Modified");
  const auto when = modified ? parse_date(*modified) : std::nullopt;
  if (when && status == 200) {
    condition_unmet_ = (newer_than_ && *when <= *newer_than_) || (older_than_ && *when >= *older_than_);
    if (condition_unmet_) report_.status = 304;
  }
  return !condition_unmet_;
}

}  // namespace braid::get
