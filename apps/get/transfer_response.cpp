// The responses of a transfer: heads, bodies, and where they go.
#include <sys/stat.h>
#include <utime.h>

#include <algorithm>

#include <braid/core/error.hpp>
#include <braid/runtime/sleep.hpp>
#include <braid/runtime/timeout.hpp>

#include "get_error.hpp"
#include "http_date.hpp"
#include "speed.hpp"
#include "transfer.hpp"

namespace braid::get {

namespace {

constexpr std::uint64_t skipped_body = 1 << 20;  // of a response that is not wanted: rather a new connection than more

void set_time_of(const std::string& file, std::time_t when) {
  utimbuf times{};
  times.actime = times.modtime = when;
  ::utime(file.c_str(), &times);
}

}  // namespace

/// A head that has no text, as it came from a cache, as curl writes it.
std::string text_of(const http::response_head& head) {
  const std::string version = head.version() == 20 ? "2" : head.version() == 10 ? "1.0" : "1.1";
  std::string text = "HTTP/" + version + " " + std::to_string(head.status()) + " " + head.reason() + "\r\n";
  for (const http::headers::field field : head.headers()) {
    text += std::string(field.name) + ": " + std::string(field.value) + "\r\n";
  }
  return text + "\r\n";
}

/// Behind a response that is not the last: what is written of it, and where the next request goes.
void transfer::end_hop(next_step next, const http::response_head& head) {
  if (session_.archive) archive_.end(*session_.archive);
  write_heads(false);
  if (next != next_step::redirect) return;
  to_get(head.status());
  follow(*head.header("Location"));
  report_.redirect = clock::now() - began_;
}

awaitable<void> transfer::converse() {
  for (bool first = true;; first = false) {
    if (!options_.connect_to.empty()) client_ = session_.client_of(options_, connects_elsewhere());
    const bool plain = may_be_cached();
    http::request what = plain ? cacheable_request() : make_request(first);
    head_came_ = false;
    awaitable<http::response_stream> asking = client_.stream(std::move(what));
    http::response_stream stream = co_await std::move(asking);
    head_came_ = true;
    if (plain) {
      pass(http::wire_event::head_sent, sent_head_);
      pass(http::wire_event::head_received, text_of(stream));
    }
    set_times(stream);
    if (session_.archive) archive_.answered(stream);
    const next_step next = decide(stream);
    if (next == next_step::finish) {
      const bool wanted = check_head(stream);
      awaitable<void> rest = receive(stream, wanted);
      co_await std::move(rest);
      if (failed_status_)
        throw get_error(http_error, "The requested URL returned error: " + std::to_string(report_.status));
      co_return;
    }
    const bool bounded = stream.header("Content-Length") || stream.header("Transfer-Encoding") || method_ == "HEAD";
    if (bounded) {
      awaitable<void> draining = drain(stream);
      co_await std::move(draining);
    }
    end_hop(next, stream);
  }
}

awaitable<void> transfer::drain(http::response_stream& from) {
  std::uint64_t size = 0;
  try {
    while (size < skipped_body) {
      awaitable<std::string_view> reading = from.read_some();
      const std::string_view piece = co_await std::move(reading);
      if (piece.empty()) co_return;
      size += piece.size();
    }
  } catch (const error&) {
    // It was of no interest; the next request takes another connection.
  }
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

namespace {

/// A body that stands still is too slow, too.
awaitable<std::string_view> fast_enough(awaitable<std::string_view> reading, std::uint64_t least, long seconds) {
  constexpr std::string_view phase = "--speed-time";
  try {
    awaitable<std::string_view> limited = with_timeout(std::chrono::seconds(seconds), std::move(reading), phase);
    co_return co_await std::move(limited);
  } catch (const timeout_error& e) {
    if (e.phase() != phase) throw;
  }
  throw_too_slow(least, seconds);
}

}  // namespace

awaitable<void> transfer::receive(http::response_stream& from, bool wanted) {
  if (options_.head_only && report_.method != "HEAD") co_return;
  if (!wanted) {
    awaitable<void> draining = drain(from);
    co_await std::move(draining);
    co_return;
  }
  const auto length = from.header("Content-Length");
  const bool encoded = options_.compressed && from.header("Content-Encoding");
  if (metered_ && length && !encoded && method_ != "HEAD") {
    session_.meter.expect_received(std::strtoull(std::string(*length).c_str(), nullptr, 10), clock::now());
  }
  speed_guard speed(options_.rate, options_.speed_limit, options_.speed_time);
  for (;;) {
    awaitable<std::string_view> reading = from.read_some();
    if (options_.speed_limit > 0) {
      reading = fast_enough(std::move(reading), options_.speed_limit, options_.speed_time);
    }
    const std::string_view piece = co_await std::move(reading);
    if (piece.empty()) break;
    report_.received += piece.size();
    if (options_.max_file_size > 0 && report_.received > options_.max_file_size) {
      const std::size_t over = static_cast<std::size_t>(report_.received - options_.max_file_size);
      // Of what was undone, nothing: who knows how much more there was.
      if (!options_.compressed) out_->write(piece.substr(0, piece.size() - over));
      throw get_error(file_too_large,
                      "Exceeded the maximum allowed file size (" + std::to_string(options_.max_file_size) + ")");
    }
    session_.shown.show(trace::kind::data_in, piece);
    if (session_.archive) archive_.received(piece);
    out_->write(piece);
    report_.delivered += piece.size();
    if (metered_) session_.meter.received(piece.size(), clock::now());
    const duration pause = speed.after(piece.size(), clock::now());
    if (pause > duration::zero()) co_await sleep_for(pause);
  }
  write_heads(true);  // trailers
  if (report_.delivered == 0 && report_.status != 304) out_->open();
}

// --- what passes -----------------------------------------------------------------------------------------------------

void transfer::pass(http::wire_event what, std::string_view bytes) {
  switch (what) {
    case http::wire_event::head_sent:
    case http::wire_event::tunnel_sent:
      report_.request_bytes += bytes.size();
      session_.shown.show(trace::kind::head_out, bytes);
      break;
    case http::wire_event::body_sent:
      report_.sent += bytes.size();
      if (metered_) session_.meter.sent(bytes.size(), clock::now());
      session_.shown.show(trace::kind::data_out, bytes);
      if (session_.archive) archive_.sent(bytes);
      break;
    case http::wire_event::head_received:
      partial_head_ = bytes == "\r\n" || bytes == "\n" ? 0 : partial_head_ + 1;
      [[fallthrough]];
    case http::wire_event::trailer_received:
    case http::wire_event::tunnel_received:
      report_.header_bytes += bytes.size();
      session_.shown.show(trace::kind::head_in, bytes);
      if (what == http::wire_event::tunnel_received) {
        constexpr std::size_t status = std::string_view("HTTP/1.1 ").size();
        if (bytes.starts_with("HTTP/")) report_.connect_status = std::atoi(std::string(bytes.substr(status)).c_str());
        tell_of_tunnel(bytes);
        if (options_.through.hide_head) break;
      }
      heads_ += bytes;
      break;
  }
}

/// A tunnel has no body, whatever the fields of the answer that opens it say (RFC 9110, 9.3.6).
void transfer::tell_of_tunnel(std::string_view line) {
  if (report_.connect_status / 100 != 2 || !session_.shown.is_on()) return;
  for (const std::string_view name : {"Content-Length", "Transfer-Encoding"}) {
    const bool named = line.size() > name.size() && line[name.size()] == ':';
    if (!named || !http::equal_ignoring_case(line.substr(0, name.size()), name)) continue;
    session_.shown.show(trace::kind::info, "Ignoring " + std::string(name) + " in CONNECT " +
                                               std::to_string(report_.connect_status) + " response\n");
  }
}

/// Writes the heads that have come, to -D and with -i, line by line. Not `all`: unless the file's name is still to come
/// with -J.
void transfer::write_heads(bool all) {
  if (heads_.empty() || (!all && options_.header_name)) return;
  const bool included = (options_.include_head || options_.head_only) && out_;
  for (std::size_t at = 0; at < heads_.size();) {
    const std::size_t end = std::min(heads_.find('\n', at), heads_.size() - 1) + 1;
    const std::string_view line = std::string_view(heads_).substr(at, end - at);
    if (heads_out_) heads_out_->write(line);
    if (included) out_->write(line);
    at = end;
  }
  heads_.clear();
}

void transfer::make_output(const std::string& name) {
  using existing = url_options::existing;
  if (job_.named_by_url && name.empty()) return;
  output::mode how = output::mode::replace;
  if (options_.when_exists == existing::keep) how = output::mode::next_free;
  if (options_.resume_by_file || (resume_ > 0 || options_.resume_from.value_or(0) > 0)) how = output::mode::append;
  out_ = std::make_unique<output>(name, how, options_.create_dirs, options_.unbuffered);
}

/// With -J the name is known now.
void transfer::prepare_output(const http::response_head& head) {
  if (out_) return;
  std::string name = job_.out;
  bool by_server = false;
  if (job_.named_by_url) {
    const auto disposition = head.header("Content-Disposition");
    const std::string said = disposition ? disposition_name(*disposition) : std::string();
    by_server = !said.empty();
    name = in_folder(options_.output_dir, by_server ? said : remote_name(where_.path));
  }
  make_output(name);
  if (by_server && options_.when_exists == url_options::existing::usual) {
    out_ = std::make_unique<output>(name, output::mode::only_new, options_.create_dirs, options_.unbuffered);
  }
}

/// At a good end: files closed, their time set, the ETag kept.
void transfer::finish_files() {
  if (heads_out_) heads_out_->close();
  if (out_) out_->close();
  const auto value = [this](std::string_view name) {
    const auto at =
        std::find_if(report_.fields.begin(), report_.fields.end(),
                     [&](const transfer_report::field& field) { return http::equal_ignoring_case(field.name, name); });
    return at == report_.fields.end() ? std::string() : at->value;
  };
  const auto modified = parse_date(value("Last-Modified"));
  if (options_.remote_time && modified && out_ && out_->is_file() && out_->is_open())
    set_time_of(out_->name(), *modified);
  if (options_.etag_save.empty()) return;
  const std::string tag = value("ETag");
  if (tag.empty()) return;
  output keep(options_.etag_save, output::mode::replace, options_.create_dirs, false);
  keep.write(tag + "\n");
  keep.close();
}

}  // namespace braid::get
