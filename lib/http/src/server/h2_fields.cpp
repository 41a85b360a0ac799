#include "server/h2_fields.hpp"

#include <algorithm>
#include <array>
#include <braid/http/headers.hpp>
#include <charconv>
#include <iterator>

#include "server/authority.hpp"

namespace braid::http {
namespace {

constexpr std::array<std::string_view, 5> of_the_connection{"connection", "keep-alive", "proxy-connection",
                                                            "transfer-encoding", "upgrade"};

char small(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

}  // namespace

void h2_add_field(h2_server_stream& to, std::string_view name, std::string_view value) {
  auto& head = to.head;
  if (name == ":method") {
    head.method = value;
  } else if (name == ":path") {
    head.target = value;
  } else if (name == ":scheme") {
    to.scheme = value;
  } else if (name == ":authority") {
    head.authority = value;
  } else if (name == "cookie") {
    // In pieces for compression's sake; one field for who reads it (RFC 9113, 8.2.3).
    to.cookie += (to.cookie.empty() ? "" : "; ") + std::string(value);
  } else {
    head.fields.add_checked(name, value);
  }
}

void h2_finish_head(h2_server_stream& of) {
  auto& head = of.head;
  if (of.refusal != 0) return;
  const auto host = head.fields.get("host");
  if (head.authority.empty() && host) head.authority = *host;
  // nghttp2 lets no two of them pass that differ in the header; Host beside :authority is another matter.
  const bool differs = host && *host != head.authority;
  if (differs || !is_authority(head.authority)) of.refusal = 400;
  if (!host && of.refusal == 0) head.fields.add_checked("host", head.authority);
  if (!of.cookie.empty()) head.fields.add_checked("cookie", of.cookie);
  if (!head.target.starts_with('/') && !(head.target == "*" && head.method == "OPTIONS")) of.refusal = 400;
  if (head.method == "CONNECT") of.refusal = 501;
  if (const auto length = head.fields.get("content-length")) {
    std::uint64_t bytes = 0;
    const auto [stop, error] = std::from_chars(length->data(), length->data() + length->size(), bytes);
    if (error != std::errc() || stop != length->data() + length->size()) of.refusal = 400;
    head.content_length = bytes;
  }
  head.chunked = !of.ended && !head.content_length;  // a body whose length nobody has said
  if (const auto expectation = head.fields.get("expect")) {
    head.expects_continue = *expectation == "100-continue";
    if (!head.expects_continue && of.refusal == 0) of.refusal = 417;
  }
}

void h2_fields::add(std::string_view name, std::string_view value) {
  const field one{text_.size(), name.size(), text_.size() + name.size(), value.size()};
  std::transform(name.begin(), name.end(), std::back_inserter(text_), small);
  text_ += value;
  fields_.push_back(one);
}

void h2_fields::begin(int status) {
  text_.clear();
  fields_.clear();
  add(":status", std::to_string(status));
}

void h2_fields::add_lines(std::string_view lines) {
  while (!lines.empty()) {
    const auto end = std::min(lines.find("\r\n"), lines.size());
    const auto line = lines.substr(0, end);
    lines.remove_prefix(std::min(end + 2, lines.size()));
    const auto colon = line.find(':');
    if (colon == line.npos || colon == 0) continue;
    auto value = line.substr(colon + 1);
    while (value.starts_with(' ')) value.remove_prefix(1);
    const auto before = text_.size();
    add(line.substr(0, colon), value);
    const auto name = std::string_view(text_).substr(before, colon);
    if (std::find(of_the_connection.begin(), of_the_connection.end(), name) != of_the_connection.end()) {
      fields_.pop_back();
    }
  }
}

const nghttp2_nv* h2_fields::data() {
  pairs_.clear();
  auto* const text = reinterpret_cast<std::uint8_t*>(text_.data());
  for (const auto& one : fields_) {
    pairs_.push_back({text + one.name, text + one.value, one.name_size, one.value_size, NGHTTP2_NV_FLAG_NONE});
  }
  return pairs_.data();
}

}  // namespace braid::http
