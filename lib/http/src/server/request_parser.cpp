#include "server/request_parser.hpp"

#include <algorithm>
#include <boost/beast/http/basic_parser.hpp>
#include <charconv>

#include "server/authority.hpp"

namespace braid::http {

namespace {

namespace beast = boost::beast;
using beast_error = beast::http::error;
using error_code = boost::system::error_code;

constexpr unsigned most_blank_lines = 4;  // RFC 9112, 2.2: at least one CRLF before a request is to be ignored
constexpr std::size_t longest_method = 32;

// Of digits that Beast has checked to fit.
std::uint64_t decimal(std::string_view digits) {
  std::uint64_t value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

/// True for a line that ends as HTTP/2's preface does, "HTTP/2.0".
bool names_other_version(std::string_view line) {
  if (line.size() < 9) return false;
  const std::string_view end = line.substr(line.size() - 9);
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  return end.starts_with(" HTTP/") && is_digit(end[6]) && end[7] == '.' && is_digit(end[8]) && end != " HTTP/1.0" &&
         end != " HTTP/1.1";
}

enum class chunk_line { complete, incomplete, malformed };

/// Looks at a chunk's size line before Beast does: that one lets control bytes stand in a quoted extension, and reads
/// on past the end of the line for a quote that is not closed. `after_data`: the line end of the chunk before is first.
chunk_line look_at_chunk_line(std::string_view input, bool after_data) {
  if (after_data && !input.starts_with("\r\n")) return chunk_line::malformed;
  if (after_data) input.remove_prefix(2);
  const auto end = input.find("\r\n");
  if (end == input.npos) return chunk_line::incomplete;
  bool quoted = false;
  for (std::size_t i = 0; i < end; ++i) {
    const char c = input[i];
    if (static_cast<unsigned char>(c) < 0x20 && c != '\t') return chunk_line::malformed;
    if (quoted && c == '\\') {
      ++i;
    } else if (c == '"') {
      quoted = !quoted;
    }
  }
  return quoted ? chunk_line::malformed : chunk_line::complete;
}

}  // namespace

void request_head::clear() {
  method.clear();
  target.clear();
  authority.clear();
  fields.clear();
  version = 11;
  keep_alive = true;
  expects_continue = chunked = false;
  content_length.reset();
}

/// Beast's parser, with its events turned into fields of the owner. Beast's parser serves one message; optional<>
/// makes a new one in the same place.
class request_parser::beast_parser {
 public:
  class impl final : public beast::http::basic_parser<true> {
   public:
    explicit impl(request_parser& owner) : owner_(owner) {}

    std::uint64_t chunk_left = 0;
    bool chunk_seen = false;
    bool host_seen = false;
    bool refused = false;  // fail() was called inside a callback

   private:
    using view = beast::string_view;
    static std::string_view plain(view v) { return {v.data(), v.size()}; }

    void refuse(int status, std::string_view reason, error_code& ec) {
      refused = true;
      owner_.fail(status, reason);
      ec = beast_error::bad_value;
    }

    void on_request_impl(beast::http::verb, view method, view target, int version, error_code& ec) override {
      if (method.size() > longest_method) return refuse(501, "method is too long", ec);
      owner_.head_.method.assign(method.data(), method.size());
      owner_.head_.target.assign(target.data(), target.size());
      owner_.head_.version = version;
    }

    void on_response_impl(int, view, int, error_code&) override {}

    void on_field_impl(beast::http::field field, view name, view text, error_code& ec) override {
      if (owner_.stage_ == stage::body) return;  // trailers are checked and dropped: nothing may merge into the head
      request_head& head = owner_.head_;
      const std::string_view value = plain(text);
      switch (field) {
        case beast::http::field::host:
          if (host_seen) return refuse(400, "more than one Host", ec);
          host_seen = true;
          if (!is_authority(value)) return refuse(400, "Host is not a host", ec);
          head.authority.assign(value);
          break;
        case beast::http::field::content_length:
          // Beast takes "5, 5" and a second equal line; another server on the way may take either value.
          if (head.content_length) return refuse(400, "more than one Content-Length", ec);
          if (value.find_first_not_of("0123456789") != value.npos) return refuse(400, "bad Content-Length", ec);
          head.content_length = decimal(value);
          break;
        case beast::http::field::transfer_encoding:
          // Beast lets other codings pass and then sees no body at all.
          if (head.version < 11) return refuse(400, "Transfer-Encoding in an HTTP/1.0 request", ec);
          if (!equal_ignoring_case(value, "chunked")) return refuse(501, "Transfer-Encoding other than chunked", ec);
          head.chunked = true;
          break;
        case beast::http::field::expect:
          if (!equal_ignoring_case(value, "100-continue")) return refuse(417, "Expect other than 100-continue", ec);
          head.expects_continue = head.version >= 11;
          break;
        default:
          break;
      }
      head.fields.add_checked(plain(name), value);
    }

    void on_header_impl(error_code&) override {}
    void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
    void on_finish_impl(error_code&) override {}

    std::size_t on_body_impl(view body, error_code&) override {
      owner_.body_ = plain(body);
      return body.size();
    }

    void on_chunk_header_impl(std::uint64_t size, view, error_code&) override {
      chunk_seen = true;
      chunk_left = size;
    }

    std::size_t on_chunk_body_impl(std::uint64_t, view body, error_code&) override {
      owner_.body_ = plain(body);
      chunk_left -= body.size();
      return body.size();
    }

    request_parser& owner_;
  };

  std::optional<impl> current;
};

request_parser::request_parser(const request_limits& limits)
    : limits_(limits),
      scanner_(limits.line_bytes, limits.header_bytes, limits.header_count),
      parser_(std::make_unique<beast_parser>()) {}

request_parser::~request_parser() = default;

void request_parser::next() {
  head_.clear();
  scanner_.reset();
  parser_->current.reset();
  body_ = {};
  consumed_ = 0;
  blank_lines_ = 0;
  stage_ = stage::before;
  started_ = false;
}

request_parser::event request_parser::fail(int status, std::string_view reason) {
  stage_ = stage::failed;
  status_ = status;
  reason_ = reason;
  return event::failed;
}

request_parser::event request_parser::parse(std::string_view input) {
  consumed_ = 0;
  body_ = {};
  switch (stage_) {
    case stage::before: {
      while (input.size() - consumed_ >= 2 && input[consumed_] == '\r' && input[consumed_ + 1] == '\n') {
        if (++blank_lines_ > most_blank_lines) return fail(400, "empty lines before the request");
        consumed_ += 2;
      }
      const std::string_view rest = input.substr(consumed_);
      if (rest.empty()) return event::need_more;
      if (rest == "\r") return event::need_more;
      // Not HTTP at all (a TLS hello, say): there is no point in waiting for the end of the line.
      if (!is_token(rest.substr(0, 1))) return fail(400, "not an HTTP request");
      started_ = true;
      return parse_head(rest);
    }
    case stage::head:
    case stage::body:
      return parse_body(input);
    case stage::done:
      return event::complete;
    case stage::failed:
      return event::failed;
  }
  return event::failed;
}

request_parser::event request_parser::parse_head(std::string_view input) {
  switch (scanner_.scan(input)) {
    case head_scanner::outcome::need_more:
      return event::need_more;
    case head_scanner::outcome::malformed:
      return fail(400, "bad line in the header");
    case head_scanner::outcome::line_too_long:
      return fail(414, "request line is too long");
    case head_scanner::outcome::head_too_long:
      return fail(431, "header is too large");
    case head_scanner::outcome::too_many_fields:
      return fail(431, "too many header lines");
    case head_scanner::outcome::complete:
      break;
  }
  const std::size_t size = scanner_.head_size();
  beast_parser::impl& parser = parser_->current.emplace(*this);
  parser.header_limit(static_cast<std::uint32_t>(size));
  parser.body_limit(limits_.body_bytes);
  error_code ec;
  std::size_t done = parser.put(boost::asio::const_buffer(input.data(), size), ec);
  if (parser.refused) return event::failed;
  if (ec == beast_error::body_limit) return fail(413, "body is over the limit");
  if (ec == beast_error::bad_version) {
    const std::string_view line = input.substr(0, scanner_.line_size());
    return names_other_version(line) ? fail(505, "HTTP version is not 1.0 or 1.1") : fail(400, "bad request line");
  }
  if (ec) return fail(400, "bad header");
  if (!parser.is_header_done() || done != size) return fail(400, "bad header");
  consumed_ += done;
  head_.keep_alive = parser.keep_alive();
  stage_ = stage::head;
  return check_head();
}

request_parser::event request_parser::check_head() {
  const bool host_seen = parser_->current->host_seen;
  if (head_.version >= 11 && !host_seen) return fail(400, "no Host");
  if (head_.method == "CONNECT") return fail(501, "CONNECT is not offered");
  std::string& target = head_.target;
  if (target[0] == '/') return event::head;
  if (target == "*") return head_.method == "OPTIONS" ? event::head : fail(400, "bad request target");
  const std::size_t scheme = target.find("://");
  if (scheme == target.npos) return fail(400, "bad request target");
  const std::string_view name = std::string_view(target).substr(0, scheme);
  if (!equal_ignoring_case(name, "http") && !equal_ignoring_case(name, "https")) return fail(400, "bad request target");
  const std::size_t begin = scheme + 3;
  const std::size_t end = std::min(target.find_first_of("/?#", begin), target.size());
  const std::string_view authority = std::string_view(target).substr(begin, end - begin);
  if (!is_authority(authority)) return fail(400, "bad request target");
  // RFC 9112, 3.2.2 has the Host header ignored here; two servers that differ on it are a way in.
  if (host_seen && !equal_ignoring_case(authority, head_.authority)) return fail(400, "Host differs from the target");
  head_.authority.assign(authority);
  target.erase(0, end);
  if (target.empty() || target[0] != '/') target.insert(0, 1, '/');
  return event::head;
}

request_parser::event request_parser::parse_body(std::string_view input) {
  beast_parser::impl& parser = *parser_->current;
  stage_ = stage::body;
  for (;;) {
    if (parser.is_done()) {
      stage_ = stage::done;
      return event::complete;
    }
    const std::string_view rest = input.substr(consumed_);
    const bool at_chunk_head = head_.chunked && parser.chunk_left == 0;
    // No chunk's head that can end a message is shorter than five bytes, and Beast 1.81 asserts on fewer when it is
    // called again in a last chunk.
    if (rest.empty() || (at_chunk_head && rest.size() < 5)) return event::need_more;
    if (at_chunk_head) {
      const auto line = look_at_chunk_line(rest, parser.chunk_seen);
      if (line == chunk_line::malformed) return fail(400, "bad chunk");
      if (line == chunk_line::incomplete) {
        return rest.size() > limits_.chunk_line_bytes ? fail(400, "chunk head is too long") : event::need_more;
      }
    }
    error_code ec;
    const std::size_t done = parser.put(boost::asio::const_buffer(rest.data(), rest.size()), ec);
    consumed_ += done;
    const bool incomplete = ec == beast_error::need_more;
    if (at_chunk_head && (incomplete ? rest.size() : done) > limits_.chunk_line_bytes) {
      return fail(400, "chunk head or trailers are too long");
    }
    if (incomplete) return event::need_more;
    if (parser.refused) return event::failed;
    if (ec == beast_error::body_limit) return fail(413, "body is over the limit");
    if (ec) return fail(400, "bad chunk");
    if (!body_.empty()) return event::body;
  }
}

}  // namespace braid::http
