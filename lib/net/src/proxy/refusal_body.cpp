#include "proxy/refusal_body.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace braid::net {

namespace {

constexpr std::size_t longest = 64 * 1024;  // more is dearer than another connection

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return out;
}

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = std::min(text.find_first_not_of(" \t"), text.size());
  text.remove_prefix(begin);
  return text.substr(0, text.find_last_not_of(" \t") + 1);
}

}  // namespace

void refusal_body::take_field(std::string_view lower_name, std::string_view value) {
  const std::string text = lower(trimmed(value));
  if (lower_name == "content-length") {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size() || (has_length_ && number != left_)) {
      bad_length_ = true;
    }
    has_length_ = true;
    left_ = number;
  } else if (lower_name == "transfer-encoding") {
    coded_ = true;
    chunked_ = text == "chunked";
  } else if (lower_name == "connection" || lower_name == "proxy-connection") {
    closes_ = closes_ || text.find("close") != text.npos;
  }
}

bool refusal_body::begin(bool http_1_1) {
  if (closes_ || !http_1_1 || bad_length_ || (coded_ && !chunked_)) return false;
  if (chunked_) {
    stage_ = stage::size;
    left_ = 0;
    return true;
  }
  return has_length_ && left_ <= longest;
}

std::size_t refusal_body::wanted() const noexcept {
  return stage_ == stage::sized ? static_cast<std::size_t>(left_) : 1024;
}

refusal_body::outcome refusal_body::take(std::string_view input) {
  if (stage_ == stage::sized) {
    if (input.size() > left_) return outcome::too_long;
    left_ -= input.size();
    return left_ == 0 ? outcome::end : outcome::more;
  }
  for (std::size_t at = 0; at < input.size(); ++at) {
    if (++taken_ > longest) return outcome::too_long;
    const outcome what = take_chunked(input[at]);
    if (what == outcome::end && at + 1 < input.size()) return outcome::too_long;
    if (what != outcome::more) return what;
  }
  return outcome::more;
}

refusal_body::outcome refusal_body::take_chunked(char c) {
  switch (stage_) {
    case stage::sized:
      break;
    case stage::size: {
      constexpr std::string_view hex = "0123456789abcdef";
      const std::size_t digit = hex.find(c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c);
      if (digit != hex.npos && digits_ < 8) {
        left_ = left_ * 16 + digit;
        ++digits_;
        return outcome::more;
      }
      if (digits_ == 0 || (c != '\r' && c != '\n' && c != ';' && c != ' ' && c != '\t')) return outcome::broken;
      stage_ = stage::extension;
      [[fallthrough]];
    }
    case stage::extension:
      if (c != '\n') return outcome::more;
      digits_ = in_line_ = 0;
      stage_ = left_ == 0 ? stage::trailer : stage::data;
      return outcome::more;
    case stage::data:
      if (--left_ == 0) stage_ = stage::data_end;
      return outcome::more;
    case stage::data_end:
      if (c == '\r') return outcome::more;
      stage_ = stage::size;
      return c == '\n' ? outcome::more : outcome::broken;
    case stage::trailer:
      if (c == '\r') return outcome::more;
      if (c != '\n') {
        ++in_line_;
        return outcome::more;
      }
      return std::exchange(in_line_, 0) == 0 ? outcome::end : outcome::more;
  }
  return outcome::broken;
}

}  // namespace braid::net
