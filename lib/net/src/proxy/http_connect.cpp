#include "proxy/http_connect.hpp"

#include <algorithm>
#include <array>
#include <braid/core/error.hpp>

namespace braid::net {

namespace {

constexpr std::size_t longest_head = 16 * 1024;
constexpr std::size_t shortest_head = std::string_view("HTTP/1.1 200\n\n").size();

bool is_printable(char c) { return c >= ' ' && c != 127; }

/// RFC 9110, 5.6.2.
bool is_token_char(char c) {
  constexpr std::string_view others = "!#$%&'*+-.^_`|~";
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || others.find(c) != others.npos;
}

void check_line(const std::string& line) {
  const auto colon = line.find(':');
  const bool named = colon != line.npos && colon > 0 &&
                     std::all_of(line.begin(), line.begin() + static_cast<std::ptrdiff_t>(colon), is_token_char);
  const bool clean = std::all_of(line.begin(), line.end(), [](char c) { return c == '\t' || is_printable(c); });
  if (!named || !clean) throw invalid_argument("a field for the proxy that is not \"Name: value\"");
}

bool is_field(std::string_view line, std::string_view lower_name) {
  if (line.size() <= lower_name.size() || line[lower_name.size()] != ':') return false;
  return std::equal(lower_name.begin(), lower_name.end(), line.begin(), [](char want, char c) {
    return want == (c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
  });
}

}  // namespace

std::string authority_of(const tunnel_target& to) {
  const std::string host = to.address ? to.address->address() : to.host;
  return (host.find(':') == host.npos ? host : "[" + host + "]") + ":" + std::to_string(to.port);
}

http_connect::http_connect(const tunnel_target& to, const std::vector<std::string>& fields,
                           const std::string& authorization, bool http_1_0)
    : has_credentials_(!authorization.empty()) {
  const std::string authority = authority_of(to);
  if (!std::all_of(authority.begin(), authority.end(), [](char c) { return is_printable(c) && c != ' '; })) {
    throw invalid_argument("a host that cannot stand in a request for a proxy");
  }
  output_ = "CONNECT " + authority + (http_1_0 ? " HTTP/1.0" : " HTTP/1.1") + "\r\nHost: " + authority + "\r\n";
  if (has_credentials_) output_ += "Proxy-Authorization: " + authorization + "\r\n";
  bool named = false;
  for (const std::string& line : fields) {
    check_line(line);
    output_ += line + "\r\n";
    named = named || is_field(line, "proxy-connection");
  }
  output_ += named ? "\r\n" : "Proxy-Connection: Keep-Alive\r\n\r\n";
}

std::size_t http_connect::wanted() const {
  if (taken_ == 0) return shortest_head;
  if (in_body_) return body_.wanted();
  if (in_fields_ && status_ >= 300) return 1024;  // there will be no tunnel
  return line_.empty() || line_ == "\r" ? 1 : 2;
}

proxy_handshake::step http_connect::end() { return in_body_ ? refuse() : proxy_handshake::end(); }

proxy_handshake::step http_connect::take(std::string_view input) {
  if (in_body_) return take_body(input);
  for (std::size_t at = 0; at < input.size(); ++at) {
    const char c = input[at];
    if (++taken_ > longest_head) return fail(step::broken, "its answer's header is over 16 KiB");
    if (c != '\n') {
      line_ += c;
      continue;
    }
    head_ += line_ + "\n";
    if (line_.ends_with('\r')) line_.pop_back();
    const step what = take_line(line_);
    line_.clear();
    if (what != step::go_on) return what;
    if (in_body_) return take_body(input.substr(at + 1));
  }
  return step::go_on;
}

proxy_handshake::step http_connect::take_line(std::string_view line) {
  if (!std::all_of(line.begin(), line.end(), [](char c) { return c == '\t' || is_printable(c); })) {
    return fail(step::broken, "its answer has control characters");
  }
  if (!in_fields_) return take_status(line);
  if (line.empty()) return end_of_head();
  constexpr std::array<std::string_view, 4> of_body{"content-length", "transfer-encoding", "connection",
                                                    "proxy-connection"};
  for (const std::string_view name : of_body) {
    if (is_field(line, name)) body_.take_field(name, line.substr(name.size() + 1));
  }
  constexpr std::string_view asks = "proxy-authenticate";
  if (is_field(line, asks)) {
    std::string_view value = line.substr(asks.size() + 1);
    value.remove_prefix(std::min(value.find_first_not_of(" \t"), value.size()));
    const std::string_view scheme = value.substr(0, value.find_first_of(" \t,"));
    challenges_.emplace_back(value);
    if (!scheme.empty()) schemes_ += (schemes_.empty() ? "" : ", ") + std::string(scheme);
  } else if (line.find(':') == line.npos && !line.starts_with(' ') && !line.starts_with('\t')) {
    return fail(step::broken, "its answer has a line that is no header field");
  }
  return step::go_on;
}

/// "HTTP/1.x 200 Connection established", with or without the words.
proxy_handshake::step http_connect::take_status(std::string_view line) {
  const auto digit = [&](std::size_t at) { return line[at] >= '0' && line[at] <= '9'; };
  const bool good = line.size() >= 12 && line.starts_with("HTTP/1.") && digit(7) && line[8] == ' ' && digit(9) &&
                    digit(10) && digit(11) && line[9] != '0' && (line.size() == 12 || line[12] == ' ');
  if (!good) return fail(step::broken, "its answer is not HTTP");
  status_ = (line[9] - '0') * 100 + (line[10] - '0') * 10 + (line[11] - '0');
  phrase_ = line.size() > 13 ? line.substr(13) : std::string_view();
  in_fields_ = true;
  http_1_1_ = line[7] == '1';
  return step::go_on;
}

/// Of a refusal that may be answered on the same connection.
proxy_handshake::step http_connect::take_body(std::string_view input) {
  switch (body_.take(input)) {
    case refusal_body::outcome::more:
      return step::go_on;
    case refusal_body::outcome::broken:
      return fail(step::broken, "the body of its answer is broken");
    case refusal_body::outcome::end:
      reusable_ = true;
      break;
    case refusal_body::outcome::too_long:
      break;
  }
  return refuse();
}

proxy_handshake::step http_connect::end_of_head() {
  if (status_ < 200 && status_ != 101) {
    in_fields_ = false;
    return step::go_on;
  }
  if (status_ >= 200 && status_ < 300) return step::done;
  if (status_ == 407 && body_.begin(http_1_1_)) {
    in_body_ = true;
    return step::go_on;
  }
  return refuse();
}

proxy_handshake::step http_connect::refuse() {
  std::string text = std::to_string(status_) + (phrase_.empty() ? "" : " " + phrase_);
  if (status_ == 407) {
    text += has_credentials_ ? ": it does not take these credentials" : ": it wants credentials";
    if (!schemes_.empty()) text += " (" + schemes_ + ")";
  }
  return fail(step::refused, text);
}

}  // namespace braid::net
