#include "transfer.hpp"

#include <cstdio>
#include <exception>

#include <braid/core/error.hpp>
#include <braid/runtime/timeout.hpp>

#include "get_error.hpp"
#include "output.hpp"

namespace braid::get {

namespace {

/// As curl: what has no scheme is http.
std::string with_scheme(const std::string& text) {
  const std::size_t mark = text.find("://");
  if (mark == text.npos) return "http://" + text;
  const std::string scheme = text.substr(0, mark);
  if (!http::equal_ignoring_case(scheme, "http") && !http::equal_ignoring_case(scheme, "https")) {
    throw get_error(unsupported_scheme, "the scheme " + scheme + " is not supported");
  }
  return text;
}

void add_header(http::request& what, std::string_view line) {
  const std::size_t colon = line.find(':');
  if (colon != line.npos) {
    const std::string_view value = line.substr(colon + 1);
    // "Name:" takes out a header that would be sent: only those of our own making are, and they are options.
    if (value.find_first_not_of(' ') != value.npos) what.header(line.substr(0, colon), value);
  } else if (line.ends_with(';')) {
    what.header(line.substr(0, line.size() - 1), "");
  } else {
    throw get_error(usage, "the header \"" + std::string(line) + "\" has no colon");
  }
}

http::request make_request(const get_options& options, const std::string& address) {
  std::string text = with_scheme(address);
  const bool posts = options.data && !options.data_in_query;
  if (options.data && options.data_in_query) {
    text += (text.find('?') == text.npos ? "?" : "&") + *options.data;
  }
  std::string method = options.method;
  if (method.empty()) method = options.head_only ? "HEAD" : posts ? "POST" : "GET";
  http::request what(method, text);
  for (const std::string& line : options.headers) add_header(what, line);
  if (!options.referer.empty()) what.header("Referer", options.referer);
  if (!options.cookie.empty()) what.header("Cookie", options.cookie);
  if (!options.user.empty()) {
    const std::size_t colon = options.user.find(':');
    const std::string_view user = options.user;
    what.basic_auth(user.substr(0, colon), colon == user.npos ? std::string_view{} : user.substr(colon + 1));
  }
  if (posts) what.body(*options.data, "application/x-www-form-urlencoded");
  return what;
}

void append_fields(std::string& out, const http::headers& fields, std::string_view prefix, std::string_view end) {
  for (const http::headers::field field : fields) {
    out += prefix;
    out += field.name;
    out += ": ";
    out += field.value;
    out += end;
  }
  out += prefix;
  out += end;
}

/// The heads of all responses, redirects first.
std::string all_heads(const http::response_head& head, std::string_view prefix, std::string_view end) {
  std::string out;
  const auto one = [&](int status, int version, const std::string& reason, const http::headers& fields) {
    out += prefix;
    out += version == 10 ? "HTTP/1.0 " : "HTTP/1.1 ";
    out += std::to_string(status) + " " + reason;
    out += end;
    append_fields(out, fields, prefix, end);
  };
  for (const http::redirect_hop& hop : head.history()) one(hop.status, hop.version, hop.reason, hop.headers);
  one(head.status(), head.version(), head.reason(), head.headers());
  return out;
}

void show_request(const http::request& what) {
  std::string out = "> " + what.method() + " " + std::string(what.url().target()) + " HTTP/1.1\n";
  out += "> Host: " + std::string(what.url().authority()) + "\n";
  append_fields(out, what.fields(), "> ", "\n");
  std::fputs(out.c_str(), stderr);
}

std::string output_name(const get_options& options, std::size_t index, const url& address) {
  if (options.remote_name) return remote_name(address.path());
  return index < options.outputs.size() ? options.outputs[index] : std::string("-");
}

void check_size(const get_options& options, std::uint64_t size) {
  if (options.max_file_size && size > *options.max_file_size) {
    throw get_error(file_too_large, "the body is over " + std::to_string(*options.max_file_size) + " bytes");
  }
}

awaitable<void> receive(const get_options& options, http::client client, std::size_t index, bool& head_came) {
  http::request what = make_request(options, options.urls[index]);
  const std::string name = output_name(options, index, what.url());
  if (options.verbose) show_request(what);
  http::response_stream stream = co_await client.stream(std::move(what));
  head_came = true;
  if (options.verbose) std::fputs(all_heads(stream, "< ", "\n").c_str(), stderr);
  output out(name);
  if (options.include_head || options.head_only) out.write(all_heads(stream, "", "\r\n"));
  if (options.fail && stream.status() >= 400) {
    throw get_error(http_error, "the requested URL returned error: " + std::to_string(stream.status()));
  }
  const auto length = stream.header("Content-Length");
  if (length && !options.head_only) check_size(options, std::strtoull(std::string(*length).c_str(), nullptr, 10));
  std::uint64_t size = 0;
  for (;;) {
    const std::string_view piece = co_await stream.read_some();
    if (piece.empty()) break;
    size += piece.size();
    check_size(options, size);
    out.write(piece);
  }
  out.close();
}

}  // namespace

http::client make_client(const get_options& options) {
  http::client_options out;
  // curl waits for ever, but to connect.
  out.timeouts.connect = options.connect_timeout.value_or(std::chrono::seconds(300));
  out.timeouts.first_byte.reset();
  out.timeouts.idle.reset();
  out.timeouts.total.reset();
  out.limits.redirects = options.max_redirects;
  out.follow_redirects = options.follow;
  out.decompress = options.compressed;
  out.user_agent = options.user_agent;
  out.unix_socket = options.unix_socket;
  if (options.insecure) out.tls.verify(false);
  if (!options.ca_file.empty()) out.tls.ca_file(options.ca_file);
  for (const std::string& one : options.resolve) out.resolve.push_back(net::resolve_override::parse(one));
  return http::client(std::move(out));
}

awaitable<int> transfer(const get_options& options, http::client client, std::size_t index) {
  bool head_came = false;
  std::exception_ptr failure;
  try {
    awaitable<void> receiving = receive(options, client, index, head_came);
    if (options.max_time) receiving = with_timeout(*options.max_time, std::move(receiving), "--max-time");
    co_await std::move(receiving);
  } catch (...) {
    failure = std::current_exception();
  }
  if (!failure) co_return done;
  const int code = exit_code_of(failure, head_came);
  if (!options.silent || options.show_error) {
    std::fprintf(stderr, "braid-get: (%d) %s\n", code, describe(failure).c_str());
  }
  co_return code;
}

}  // namespace braid::get
