#include <braid/core/error.hpp>
#include <braid/core/percent.hpp>
#include <braid/core/url.hpp>

#include "clean_url.hpp"
#include "host.hpp"

namespace braid {
namespace {

constexpr bool is_slash(char c) { return c == '/' || c == '\\'; }
constexpr bool is_space(char c) { return static_cast<unsigned char>(c) <= ' '; }

std::string quoted(std::string_view text) {
  constexpr std::size_t longest = 200;
  std::string out = "invalid URL \"";
  for (char c : text.substr(0, longest)) out += is_space(c) && c != ' ' ? '?' : c;
  return out + (text.size() > longest ? "...\"" : "\"");
}

bool equals_ignoring_case(std::string_view text, std::string_view lower) {
  if (text.size() != lower.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i] >= 'A' && text[i] <= 'Z' ? static_cast<char>(text[i] + 32) : text[i];
    if (c != lower[i]) return false;
  }
  return true;
}

bool is_single_dot(std::string_view s) { return s == "." || equals_ignoring_case(s, "%2e"); }

bool is_double_dot(std::string_view s) {
  return s == ".." || equals_ignoring_case(s, ".%2e") || equals_ignoring_case(s, "%2e.") ||
         equals_ignoring_case(s, "%2e%2e");
}

/// Length of "scheme" in "scheme:..."; npos where the text does not begin with a scheme.
std::size_t scheme_length(std::string_view text) {
  const auto alpha = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == ':') return i == 0 ? text.npos : i;
    if (alpha(c)) continue;
    if (i == 0 || !((c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.')) return text.npos;
  }
  return text.npos;
}

}  // namespace

std::uint16_t default_port(std::string_view scheme) noexcept {
  if (scheme == "http" || scheme == "ws") return 80;
  if (scheme == "https" || scheme == "wss") return 443;
  if (scheme.substr(0, 5) == "socks") {
    const auto version = scheme.substr(5);
    if (version == "4" || version == "4a" || version == "5" || version == "5h") return 1080;
  }
  return 0;
}

/// One parse: consumes `in_` from the front and appends the canonical spelling to `out_.text_`.
class url_parser {
 public:
  url_parser(std::string_view text, const url* base, numeric_hosts hosts) : original_(text), base_(base) {
    out_.hosts_ = hosts;
    while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
    if (text.find_first_of("\t\n\r") != text.npos) {
      for (char c : text) {
        if (c != '\t' && c != '\n' && c != '\r') cleaned_ += c;
      }
      text = cleaned_;
    }
    in_ = text;
  }

  /// Null where all is well, else what is wrong.
  const char* run() {
    if (in_.size() > max_length) return "longer than 1 MiB";
    out_.text_.reserve(in_.size() + 8);
    const auto length = scheme_length(in_);
    if (length == in_.npos) {
      if (!base_) return "no scheme such as http://";
      copy_scheme();
      return relative();
    }
    for (char c : in_.substr(0, length)) out_.text_ += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    in_.remove_prefix(length + 1);
    out_.scheme_end_ = here();
    if (default_port(out_.text_) == 0) return "the scheme is none that braid speaks";
    const bool has_authority = in_.size() >= 2 && is_slash(in_[0]) && is_slash(in_[1]);
    if (base_ && out_.text_ == base_->scheme() && !has_authority) return relative();
    return authority();
  }

  url take() { return std::move(out_); }
  std::string_view original() const { return original_; }

 private:
  static constexpr std::size_t max_length = 1 << 20;

  std::uint32_t here() const { return static_cast<std::uint32_t>(out_.text_.size()); }

  void copy_scheme() {
    out_.text_ = base_->scheme();
    out_.scheme_end_ = here();
  }

  const char* relative() {
    if (!in_.empty() && is_slash(in_[0])) {
      if (in_.size() > 1 && is_slash(in_[1])) return authority();
      copy_authority();
      return path_and_rest({});
    }
    copy_authority();
    if (in_.empty() || in_[0] == '?' || in_[0] == '#') {
      out_.text_ += in_.empty() || in_[0] == '#' ? base_->target() : base_->path();
      out_.path_end_ = out_.path_begin_ + static_cast<std::uint32_t>(base_->path().size());
      return rest();
    }
    const auto base_path = base_->path();
    return path_and_rest(base_path.substr(0, base_path.rfind('/')));
  }

  void copy_authority() {
    out_.text_ = base_->text_.substr(0, base_->path_begin_);
    out_.user_end_ = base_->user_end_;
    out_.host_begin_ = base_->host_begin_;
    out_.host_end_ = base_->host_end_;
    out_.path_begin_ = base_->path_begin_;
    out_.port_ = base_->port_;
  }

  const char* authority() {
    while (!in_.empty() && is_slash(in_[0])) in_.remove_prefix(1);
    const auto end = in_.find_first_of("/\\?#");
    auto text = in_.substr(0, end);
    in_.remove_prefix(text.size());
    const auto scheme = std::string(out_.text_);
    out_.text_ += "://";
    userinfo(text);
    out_.host_begin_ = here();
    if (const char* why = host_and_port(text, default_port(scheme))) return why;
    out_.path_begin_ = here();
    return path_and_rest({});
  }

  /// Everything before the last '@' is user and password; it is taken off `text`.
  void userinfo(std::string_view& text) {
    out_.user_end_ = here();
    const auto at = text.rfind('@');
    if (at == text.npos) return;
    const auto info = text.substr(0, at);
    text.remove_prefix(at + 1);
    const auto colon = info.find(':');
    const auto password = colon == info.npos ? std::string_view{} : info.substr(colon + 1);
    append_percent_encoded(out_.text_, info.substr(0, colon), encode_set::userinfo);
    out_.user_end_ = here();
    if (!password.empty()) {
      out_.text_ += ':';
      append_percent_encoded(out_.text_, password, encode_set::userinfo);
    }
    if (here() > out_.scheme_end_ + 3) out_.text_ += '@';
  }

  const char* host_and_port(std::string_view text, std::uint16_t scheme_port) {
    const auto bracket = text.rfind(']');
    const auto colon = text.find(':', text.empty() || text[0] != '[' || bracket == text.npos ? 0 : bracket);
    const char* why = nullptr;
    const auto host = canonical_host(text.substr(0, colon), out_.hosts_, why);
    if (why) return why;
    out_.text_ += host;
    out_.host_end_ = here();
    out_.port_ = scheme_port;
    if (colon == text.npos) return nullptr;
    unsigned port = 0;
    const auto digits = text.substr(colon + 1);
    for (char c : digits) {
      if (c < '0' || c > '9') return "the port is no number";
      port = port * 10 + static_cast<unsigned>(c - '0');
      if (port > 65535) return "the port is over 65535";
    }
    if (digits.empty() || port == scheme_port) return nullptr;
    out_.port_ = static_cast<std::uint16_t>(port);
    out_.text_ += ':';
    out_.text_ += std::to_string(port);
    return nullptr;
  }

  /// The path in `in_`, put behind `start` (a base's folder, without its last slash), with dot segments resolved.
  const char* path_and_rest(std::string_view start) {
    out_.text_ += start;
    auto text = in_.substr(0, in_.find_first_of("?#"));
    in_.remove_prefix(text.size());
    if (!text.empty() && is_slash(text[0])) text.remove_prefix(1);
    for (;;) {
      const auto end = text.find_first_of("/\\");
      const auto segment = text.substr(0, end);
      const bool is_last = end == text.npos;
      if (is_double_dot(segment)) {
        if (here() > out_.path_begin_) out_.text_.resize(out_.text_.rfind('/'));
        if (is_last) out_.text_ += '/';
      } else if (is_single_dot(segment)) {
        if (is_last) out_.text_ += '/';
      } else {
        out_.text_ += '/';
        append_percent_encoded(out_.text_, segment, encode_set::path);
      }
      if (is_last) break;
      text.remove_prefix(end + 1);
    }
    out_.path_end_ = here();
    return rest();
  }

  const char* rest() {
    if (!in_.empty() && in_[0] == '?') {
      const auto text = in_.substr(0, in_.find('#'));
      in_.remove_prefix(text.size());
      out_.text_ += '?';
      append_percent_encoded(out_.text_, text.substr(1), encode_set::query);
    }
    out_.query_end_ = here();
    if (!in_.empty()) {
      out_.text_ += '#';
      append_percent_encoded(out_.text_, in_.substr(1), encode_set::fragment);
    }
    return nullptr;
  }

  std::string_view original_;
  const url* base_;
  std::string cleaned_;
  std::string_view in_;
  url out_;
};

url url::parse(std::string_view text, numeric_hosts hosts) {
  url clean;
  if (clean_url_parser::parse(text, clean)) {
    clean.hosts_ = hosts;
    return clean;
  }
  url_parser parser(text, nullptr, hosts);
  if (const char* why = parser.run()) throw invalid_url(quoted(text) + ": " + why);
  return parser.take();
}

std::optional<url> url::try_parse(std::string_view text, numeric_hosts hosts) {
  url clean;
  if (clean_url_parser::parse(text, clean)) {
    clean.hosts_ = hosts;
    return clean;
  }
  url_parser parser(text, nullptr, hosts);
  if (parser.run()) return std::nullopt;
  return parser.take();
}

url url::resolve(std::string_view reference) const {
  url_parser parser(reference, this, hosts_);
  if (const char* why = parser.run()) throw invalid_url(quoted(reference) + ": " + why);
  return parser.take();
}

std::string_view url::password() const {
  return user_end_ + 1 < host_begin_ ? part(user_end_ + 1, host_begin_ - 1) : std::string_view{};
}

std::string_view url::host_name() const {
  auto name = host();
  if (!name.empty() && name.front() == '[') name = name.substr(1, name.size() - 2);
  return name;
}

std::string_view url::fragment() const {
  return query_end_ < text_.size() ? std::string_view(text_).substr(query_end_ + 1) : std::string_view{};
}

std::string url::origin() const {
  std::string out;
  out.reserve(text_.size());
  out += scheme();
  out += "://";
  out += host();
  out += ':';
  out += std::to_string(port_);
  return out;
}

bool url::is_secure() const { return scheme() == "https" || scheme() == "wss"; }

url url::with_query(std::string_view encoded) const {
  std::string text(text_, 0, path_end_);
  if (!encoded.empty()) (text += '?') += encoded;
  text += std::string_view(text_).substr(query_end_);
  return parse(text, hosts_);
}

url url::without_secrets() const {
  std::string text(scheme());
  text += "://";
  text += authority();
  text += target();
  return parse(text, hosts_);
}

}  // namespace braid
