#include <charconv>

#include "client/response_decoder.hpp"
#include "field_bytes.hpp"

// The header fields that decide where the body ends, and the connection.

namespace braid::http {

namespace {

/// A number of digits alone, and too few of them to overflow.
std::optional<std::uint64_t> short_number(std::string_view text) {
  if (text.empty() || text.size() > 18) return std::nullopt;
  std::uint64_t out = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    out = out * 10 + static_cast<std::uint64_t>(c - '0');
  }
  return out;
}

}  // namespace

/// False for what is no number, and for a second number that differs.
bool response_decoder::take_length(std::string_view value) {
  const std::optional<std::uint64_t> usual = has_length_ ? std::nullopt : short_number(value);
  if (usual) {
    has_length_ = true;
    length_ = *usual;
    return true;
  }
  bool good = true;
  for_each_element(value, [&](std::string_view digits) {
    std::uint64_t number = 0;
    const char* const end = digits.data() + digits.size();
    const auto read = std::from_chars(digits.data(), end, number);
    if (read.ec != std::errc() || read.ptr != end || digits[0] == '-') good = false;
    if (has_length_ && number != length_) good = false;
    has_length_ = true;
    length_ = number;
  });
  return good;
}

void response_decoder::take_codings(std::string_view value) {
  has_coding_ = true;
  for_each_element(value, [&](std::string_view coding) {
    if (chunked_last_) other_coding_ = true;
    chunked_last_ = equal_ignoring_case(coding, "chunked");
    if (!chunked_last_) other_coding_ = true;
  });
}

void response_decoder::take_connection(std::string_view value) {
  for_each_element(value, [&](std::string_view option) {
    if (equal_ignoring_case(option, "close")) close_named_ = true;
    if (equal_ignoring_case(option, "keep-alive")) keep_alive_named_ = true;
  });
}

/// "timeout=5, max=100": parameters that everybody sends and RFC 2068 (19.7.1.1) had.
void response_decoder::take_keep_alive(std::string_view value) {
  for_each_element(value, [&](std::string_view one) {
    const std::size_t equals = std::min(one.find('='), one.size());
    const std::string_view name = trimmed(one.substr(0, equals));
    const std::string_view text = trimmed(one.substr(std::min(equals + 1, one.size())));
    std::uint32_t number = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return;
    const bool time = equal_ignoring_case(name, "timeout");
    if (number == 0 && (time || equal_ignoring_case(name, "max"))) last_named_ = true;
    if (number != 0 && time) rest_seconds_ = number;
  });
}

/// What the fields say of the body's end and of the connection's.
bool response_decoder::take_fields() {
  has_length_ = has_coding_ = chunked_last_ = other_coding_ = close_named_ = keep_alive_named_ = last_named_ = false;
  for (const headers::field& line : fields_) {
    switch (line.name.size()) {
      case std::string_view("Connection").size():
        static_assert(std::string_view("Keep-Alive").size() == std::string_view("Connection").size());
        if (equal_ignoring_case(line.name, "Connection")) take_connection(line.value);
        if (equal_ignoring_case(line.name, "Keep-Alive")) take_keep_alive(line.value);
        break;
      case std::string_view("Content-Length").size():
        if (equal_ignoring_case(line.name, "Content-Length") && !take_length(line.value)) {
          fail(fault::protocol, "bad Content-Length in the response");
          return false;
        }
        break;
      case std::string_view("Transfer-Encoding").size():
        if (equal_ignoring_case(line.name, "Transfer-Encoding")) take_codings(line.value);
        break;
      default:
        break;
    }
  }
  return true;
}

}  // namespace braid::http
