#include "h2/request_head.hpp"

#include <algorithm>
#include <array>

namespace braid::http::h2 {

namespace {

constexpr std::array<std::string_view, 6> of_a_connection{"connection",       "http2-settings",    "keep-alive",
                                                          "proxy-connection", "transfer-encoding", "upgrade"};

/// The text up to `end`, which is taken off together with it.
std::string_view take_until(std::string_view& text, std::string_view end) {
  const std::size_t at = std::min(text.find(end), text.size());
  const std::string_view out = text.substr(0, at);
  text.remove_prefix(std::min(at + end.size(), text.size()));
  return out;
}

}  // namespace

bool is_sent(std::string_view name, std::string_view value) {
  if (name == "te") return value == "trailers";
  return std::find(of_a_connection.begin(), of_a_connection.end(), name) == of_a_connection.end();
}

void request_head::assign(std::string_view head, std::string_view scheme) {
  text_ = head;
  fields_.clear();
  std::string_view rest = text_;
  std::string_view line = take_until(rest, "\r\n");
  const std::string_view method = take_until(line, " ");
  const std::string_view path = take_until(line, " ");
  fields_.push_back({":method", method, false});
  fields_.push_back({":scheme", scheme, false});
  fields_.push_back({":authority", {}, false});
  fields_.push_back({":path", path, false});
  while (!rest.empty()) {
    line = take_until(rest, "\r\n");
    if (line.empty()) break;
    const std::string_view name = take_until(line, ":");
    while (!line.empty() && line.front() == ' ') line.remove_prefix(1);
    // The text is ours to write to.
    char* const letters = text_.data() + (name.data() - text_.data());
    std::transform(letters, letters + name.size(), letters,
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    if (name == "host") {
      fields_[2].value = line;
    } else if (is_sent(name, line)) {
      fields_.push_back({name, line, name == "authorization" || name == "proxy-authorization"});
    }
  }
}

}  // namespace braid::http::h2
