#include "client/request_encoder.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include <braid/core/base64.hpp>

#include "client/content_decoder.hpp"

namespace braid::http {

namespace {

constexpr std::string_view proxy_authorization = "Proxy-Authorization";

void append_number(std::string& out, std::uint64_t value) {
  std::array<char, 20> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  out.append(digits.data(), end);
}

void append_field(std::string& out, std::string_view name, std::string_view value) {
  out += name;
  out += ": ";
  out += value;
  out += "\r\n";
}

/// A server may wait for the body of a POST that does not say that it has none (RFC 9110, 8.6).
bool expects_length(std::string_view method) { return method == "POST" || method == "PUT" || method == "PATCH"; }

void append_cookies(std::string& out, std::string_view more) {
  if (!out.empty()) out += "; ";
  out += more;
}

}  // namespace

bool is_credential(std::string_view name) noexcept {
  return equal_ignoring_case(name, "Authorization") || equal_ignoring_case(name, "Cookie") ||
         equal_ignoring_case(name, "Proxy-Authorization");
}

request_encoder::request_encoder(const client_options& options) {
  headers all = options.default_headers;
  if (!options.user_agent.empty() && !all.has("User-Agent")) all.add("User-Agent", options.user_agent);
  if (!all.has("Accept")) all.add("Accept", "*/*");
  if (options.decompress && !all.has("Accept-Encoding")) all.add("Accept-Encoding", accepted_codings);
  for (const headers::field field : all) {
    line one;
    one.name = field.name;
    append_field(one.text, field.name, field.value);
    one.secret = is_credential(field.name);
    one.for_proxy = equal_ignoring_case(field.name, proxy_authorization);
    has_secrets_ = has_secrets_ || one.secret;
    block_ += one.text;
    if (equal_ignoring_case(field.name, "Cookie")) append_cookies(cookie_, field.value);
    lines_.push_back(std::move(one));
  }
  plain_end_ = "\r\n" + block_ + "\r\n";
}

void request_encoder::head(std::string& out, const request& what, bool credentials, std::string_view cookies,
                           const net::proxy* via, std::string_view authorization) const {
  if (!via && cookies.empty() && is_plain(what)) return plain_head(out, what);
  out += what.method_;
  out += ' ';
  if (what.wire_) return shaped_head(out, what, credentials, cookies, via, authorization);
  if (via) {
    out += "http://";
    out += what.url_.authority();
  }
  out += what.url_.target();
  out += " HTTP/1.1\r\n";
  fields(out, what, credentials, cookies, via, authorization);
}

/// Whether there is nothing but the URL and the client's own fields to send.
bool request_encoder::is_plain(const request& what) const {
  const bool bare = what.fields_.empty() && !what.has_body_ && !what.wire_ && !has_secrets_;
  return bare && !what.url_.has_credentials() && !expects_length(what.method_);
}

void request_encoder::plain_head(std::string& out, const request& what) const {
  const std::array<std::string_view, 6> parts{
      what.method_, " ", what.url_.target(), " HTTP/1.1\r\nHost: ", what.url_.authority(), plain_end_};
  std::size_t size = out.size();
  for (const std::string_view part : parts) size += part.size();
  const std::size_t begin = out.size();
  out.resize(size);
  char* to = out.data() + begin;
  for (const std::string_view part : parts) to = std::copy(part.begin(), part.end(), to);
}

void request_encoder::shaped_head(std::string& out, const request& what, bool credentials, std::string_view cookies,
                                  const net::proxy* via, std::string_view authorization) const {
  const wire_form& form = *what.wire_;
  if (via && form.target.empty()) {
    out += "http://";
    out += what.url_.authority();
  }
  if (form.target.empty()) {
    out += what.url_.target();
  } else {
    out += form.target;
  }
  out += form.version == 10 ? " HTTP/1.0\r\n" : " HTTP/1.1\r\n";
  if (form.lines.empty()) return fields(out, what, credentials, cookies, via, authorization);
  out += form.lines;
  out += "\r\n";
}

void request_encoder::fields(std::string& out, const request& what, bool credentials, std::string_view cookies,
                             const net::proxy* via, std::string_view authorization) const {
  if (what.fields_.empty()) {
    append_field(out, "Host", what.url_.authority());
  } else {
    // Servers, and those who look at traffic, expect Host first.
    append_field(out, "Host", what.fields_.get("Host").value_or(what.url_.authority()));
    for (const headers::field field : what.fields_) {
      if (equal_ignoring_case(field.name, "Host")) continue;
      if (!cookies.empty() && equal_ignoring_case(field.name, "Cookie")) continue;
      if (!via && equal_ignoring_case(field.name, proxy_authorization)) continue;
      append_field(out, field.name, field.value);
    }
  }
  const bool has_own = !what.fields_.empty() && what.fields_.has(proxy_authorization);
  if (via && !authorization.empty() && !has_own) append_field(out, proxy_authorization, authorization);
  const bool authorize = what.url_.has_credentials() && !what.fields_.has("Authorization");
  if (authorize) {
    const std::string user = percent_decode(what.url_.user()), password = percent_decode(what.url_.password());
    append_field(out, "Authorization", "Basic " + base64(user + ":" + password));
  }
  defaults(out, what, credentials, authorize, !cookies.empty(), via);
  if (!cookies.empty()) merge_cookies(out, what, credentials, cookies);
  if (via && !what.fields_.has("Proxy-Connection")) append_field(out, "Proxy-Connection", "Keep-Alive");
  framing(out, what);
  out += "\r\n";
}

headers request_encoder::fields(const request& what, std::string_view cookies) const {
  std::string text;
  head(text, what, true, cookies);
  headers out;
  std::string_view rest = std::string_view(text).substr(text.find("\r\n") + 2);
  for (std::size_t end = rest.find("\r\n"); end != 0; end = rest.find("\r\n")) {
    const std::size_t colon = rest.find(':');
    out.add_checked(rest.substr(0, colon), rest.substr(colon + 2, end - colon - 2));
    rest.remove_prefix(end + 2);
  }
  return out;
}

void request_encoder::defaults(std::string& out, const request& what, bool credentials, bool has_authorization,
                               bool has_cookies, const net::proxy* via) const {
  if (what.fields_.empty() && !has_secrets_) {
    out += block_;
    return;
  }
  for (const line& one : lines_) {
    if (what.fields_.has(one.name)) continue;
    if (one.for_proxy ? !via || via->has_credentials() : one.secret && !credentials) continue;
    if (has_authorization && equal_ignoring_case(one.name, "Authorization")) continue;
    if (has_cookies && equal_ignoring_case(one.name, "Cookie")) continue;
    out += one.text;
  }
}

/// One field, since a request must not have two (RFC 6265bis, 5.8.1).
void request_encoder::merge_cookies(std::string& out, const request& what, bool credentials,
                                    std::string_view cookies) const {
  std::string all(cookies);
  const std::vector<std::string_view> own = what.fields_.get_all("Cookie");
  for (const std::string_view more : own) append_cookies(all, more);
  if (own.empty() && credentials && !cookie_.empty()) append_cookies(all, cookie_);
  append_field(out, "Cookie", all);
}

void request_encoder::framing(std::string& out, const request& what) {
  if (what.source_ && !what.length_) {
    append_field(out, "Transfer-Encoding", "chunked");
    return;
  }
  if (!what.has_body_ && !expects_length(what.method_)) return;
  out += "Content-Length: ";
  append_number(out, what.source_ ? *what.length_ : what.body_.size());
  out += "\r\n";
}

}  // namespace braid::http
