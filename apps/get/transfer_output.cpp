// Where what passes in a transfer goes: files, standard output, traces.
#include <sys/stat.h>
#include <utime.h>

#include <algorithm>

#include "get_error.hpp"
#include "http_date.hpp"
#include "transfer.hpp"

namespace braid::get {

namespace {

void set_time_of(const std::string& file, std::time_t when) {
  utimbuf times{};
  times.actime = times.modtime = when;
  ::utime(file.c_str(), &times);
}

}  // namespace

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
