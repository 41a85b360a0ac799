// What the requests of a transfer say.
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>

#include <braid/core/error.hpp>

#include "body_text.hpp"
#include "connect_to.hpp"
#include "get_error.hpp"
#include "head_lines.hpp"
#include "http_date.hpp"
#include "transfer.hpp"

namespace braid::get {

namespace {

constexpr std::uint64_t large_body = 1024 * 1024;  // worth asking before it is sent
constexpr std::size_t largest_head = 1024 * 1024;  // of a request

/// Where the connection goes: the request's target is told apart from it.
url plain_url(const address& to) { return url::parse(to.scheme + "://" + to.authority() + "/", numeric_hosts::names); }

bool names(std::string_view value, std::string_view word) {
  return std::search(value.begin(), value.end(), word.begin(), word.end(),
                     [](char a, char b) { return (a | 0x20) == (b | 0x20); }) != value.end();
}

}  // namespace

/// Where -C begins, and what -z compares.
void transfer::set_range() {
  resume_ = options_.resume_from.value_or(0);
  if (options_.resume_by_file && job_.upload.empty() && out_ && out_->is_file()) {
    std::error_code error;
    const std::uint64_t size = std::filesystem::file_size(out_->name(), error);
    resume_ = error ? 0 : size;
  }
  if (options_.time_condition.empty()) return;
  std::string text = options_.time_condition;
  const bool older = text.starts_with('-') || text.starts_with('=');
  if (older || text.starts_with('+')) text.erase(0, 1);
  std::optional<std::time_t> when = parse_date(text);
  struct stat file {};
  if (!when && stat(text.c_str(), &file) == 0) when = file.st_mtime;
  (older ? older_than_ : newer_than_) = when;
}

/// Under the host that -H claims, where it claims another.
url transfer::cookie_url() const {
  const auto host = custom_value(options_, "Host");
  const std::string name(host && !host->empty() && where_.origin() == first_origin_ ? *host : where_.authority());
  const auto known = url::try_parse(where_.scheme + "://" + name + where_.target(), numeric_hosts::names);
  return known ? *known : plain_url(where_);
}

std::string transfer::condition_line() {
  if (!options_.etag_compare.empty()) {
    std::string tag;
    try {
      tag = file_content(options_.etag_compare);
    } catch (const get_error&) {
      // No file yet: whatever there is is new.
    }
    while (!tag.empty() && (tag.back() == '\n' || tag.back() == '\r')) tag.pop_back();
    return "If-None-Match: " + (tag.empty() ? "\"\"" : tag);
  }
  if (newer_than_) return "If-Modified-Since: " + http_date(*newer_than_);
  if (older_than_) return "If-Unmodified-Since: " + http_date(*older_than_);
  return {};
}

/// Of an upload of a part: which part it is.
std::string transfer::content_range() const {
  if (!upload_->is_file() || !upload_->length() || upload_->whole() == 0) return {};
  const std::string whole = std::to_string(upload_->whole()), last = std::to_string(upload_->whole() - 1);
  if (options_.resume_by_file) return "bytes 0-" + last + "/" + whole;
  if (resume_ > 0) return "bytes " + std::to_string(resume_) + "-" + last + "/" + whole;
  return options_.range.empty() ? std::string() : "bytes " + options_.range + "/" + whole;
}

http::request transfer::make_request(bool first) {
  const std::string method = custom_ ? options_.method : method_;
  const std::string target = options_.request_target.empty() ? where_.target() : options_.request_target;
  head_facts facts;
  facts.host = where_.authority();
  facts.own_origin = options_.trusted || where_.origin() == first_origin_;
  if (!custom_value(options_, "Authorization") || !facts.own_origin)
    facts.authorization = sign_in_->value(method, target);
  awaits_challenge_ = with_body_ && sign_in_->awaits_challenge();
  facts.referer = referer_;
  facts.cookies = session_.cookies_for(cookie_url());
  const net::proxy* const via = asked_proxy();
  facts.by_proxy = via != nullptr;
  const std::string line_target = via && options_.request_target.empty() ? where_.str() : target;
  if (via) facts.proxy_authorization = proxy_sent_ = session_.proxy_authorization(*via, method, target);
  facts.condition = condition_line();
  const bool reads = method_ == "GET" || method_ == "HEAD";
  if (reads && resume_ > 0) facts.range = "bytes=" + std::to_string(resume_) + "-";
  if (reads && !options_.range.empty()) facts.range = "bytes=" + options_.range;
  const bool old = options_.http_1_0 || seen_old_ || session_.speaks_old(where_.origin());
  http::wire_form form;
  sent_body_ = with_body_ && !awaits_challenge_;
  http::request out(method, plain_url(where_));
  expecting_ = false;
  if (awaits_challenge_) {
    facts.awaits_challenge = true;
    facts.content_range = content_range();
    facts.content_type = upload_->content_type();
    if (!options_.form.empty()) facts.content_type.clear();
    out.body("");
  } else if (with_body_) {
    const auto coding = custom_value(options_, "Transfer-Encoding");
    const bool sized = upload_->length() || custom_value(options_, "Content-Length");
    const bool unsized = !upload_->length() && !old && (!coding || !coding->empty());
    const bool chunked = !sized || unsized || (coding && names(*coding, "chunked"));
    if (chunked && old) {
      throw get_error(upload_failed, "Chunky upload is not supported by HTTP 1.0");
    }
    if (!first && !upload_->can_repeat()) throw get_error(cannot_rewind, "necessary data rewind was not possible");
    facts.chunked = chunked;
    if (!chunked) facts.length = upload_->length();
    facts.content_type = upload_->content_type();
    facts.content_range = content_range();
    const auto expect = custom_value(options_, "Expect");
    const bool large = !upload_->length() || *upload_->length() > large_body;
    const bool http2 = options_.http_version == http::protocol_choice::http2_prior_knowledge;
    facts.expect = !expect && large && !old && !http2 && !no_expect_;
    expecting_ = facts.expect || (expect && names(*expect, "100-continue"));
    if (expecting_) form.continue_wait = options_.expect_timeout;
    const auto said = custom_value(options_, "Content-Length");
    if (!upload_->length() && said && !chunked) upload_->take_length(*said);
    upload_->put_into(out, options_.rate, chunked);
  }
  form.lines = header_lines(options_, facts);
  if (form.lines.size() > largest_head) throw get_error(too_large, "HTTP request too large");
  sent_lines_ = form.lines;
  form.target = line_target;
  form.version = old ? 10 : 11;
  if (session_.archive) archive_.begin(method, where_.str(), form.lines);
  form.lenient = true;
  form.http_0_9 = options_.http_0_9;
  form.raw_body = options_.raw;
  form.ignore_length = options_.ignore_length;
  form.tap = [this](http::wire_event what, std::string_view bytes) { pass(what, bytes); };
  sent_head_ = method + " " + form.target + " HTTP/1.1\r\n" + form.lines + "\r\n";
  out.wire(std::move(form));
  report_.method = method;
  report_.scheme = where_.scheme;
  report_.referer = referer_;
  return out;
}

/// The proxy that is sent the request itself; null for none.
const net::proxy* transfer::asked_proxy() const {
  if (where_.is_secure() || options_.through.tunnel || connects_elsewhere()) return nullptr;
  const net::proxy* const via = proxies_.choose(false, where_.host);
  return via && via->is_http() ? via : nullptr;
}

/// --connect-to leads this hop to another host or port.
bool transfer::connects_elsewhere() const {
  if (options_.connect_to.empty()) return false;
  std::string host = where_.host;
  if (host.starts_with('[')) host = host.substr(1, host.size() - 2);  // rules are of addresses without brackets
  std::uint16_t port = where_.port;
  return redirect_connection(connect_rules(options_.connect_to), host, port);
}

}  // namespace braid::get
