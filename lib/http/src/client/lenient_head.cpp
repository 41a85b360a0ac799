#include "client/lenient_head.hpp"

#include <algorithm>

#include "field_bytes.hpp"

namespace braid::http {

namespace {

constexpr std::size_t longest_line = 100 * 1024;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string_view without_end(std::string_view line) {
  if (line.ends_with('\n')) line.remove_suffix(1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

}  // namespace

/// Puts the line at the front, with those folded into it, into text_. False when more must come.
bool lenient_head::join(std::string_view input, bool last) {
  std::size_t end = input.find('\n', searched_);
  if (end == input.npos) {
    searched_ = input.size();
    return false;
  }
  const bool empty = without_end(input.substr(0, end + 1)).empty();
  std::string_view line_end;
  text_.clear();
  for (std::size_t begin = 0;;) {
    const std::string_view whole = input.substr(begin, end + 1 - begin);
    std::string_view bare = without_end(whole);
    line_end = whole.substr(bare.size());
    if (begin > 0) {
      while (!text_.empty() && is_blank(text_.back())) text_.pop_back();
      bare = trimmed(bare);
      if (!bare.empty()) text_ += ' ';
    }
    text_ += bare;
    begin = end + 1;
    if (empty || lines_ == 0) break;
    if (begin == input.size() && !last) return false;
    if (begin == input.size() || !is_blank(input[begin])) break;
    end = input.find('\n', begin);
    if (end == input.npos) return false;
  }
  consumed_ = end + 1;
  text_ += line_end;
  return true;
}

lenient_head::outcome lenient_head::read(std::string_view input, bool last) {
  consumed_ = 0;
  constexpr std::string_view name = "HTTP/";
  const std::size_t common = std::min(input.size(), name.size());
  if (lines_ == 0 && input.substr(0, common) != name.substr(0, common)) return outcome::not_http;
  if (!join(input, last)) {
    if (size_ + input.size() > limit_) return outcome::too_long;
    if (searched_ > longest_line) return outcome::line_too_long;
    // What is wrong shows without waiting for the rest, which may never come.
    return input.find('\0') == input.npos ? outcome::need_more : outcome::malformed;
  }
  searched_ = 0;
  size_ += consumed_;
  if (size_ > limit_) return outcome::too_long;
  if (text_.size() > longest_line) return outcome::line_too_long;
  const std::string_view line = without_end(text_);
  if (line.find_first_of(std::string_view("\0\r", 2)) != line.npos) return outcome::malformed;
  if (++lines_ == 1) return parse_status(line);
  return line.empty() ? outcome::end : parse_field(line);
}

/// "HTTP/1.1 200 OK"
lenient_head::outcome lenient_head::parse_status(std::string_view line) {
  if (line.size() < 12 || !is_digit(line[5])) return outcome::not_http;
  if (line[5] != '1' || line[6] != '.') return outcome::bad_version;
  if (line[7] != '0' && line[7] != '1') return outcome::bad_version;
  const std::string_view code = line.substr(9, 3);
  const bool good =
      is_blank(line[8]) && std::all_of(code.begin(), code.end(), is_digit) && (line.size() == 12 || is_blank(line[12]));
  if (!good) return outcome::not_http;
  version_ = line[7] == '0' ? 10 : 11;
  status_ = (code[0] - '0') * 100 + (code[1] - '0') * 10 + (code[2] - '0');
  reason_ = line.size() > 13 ? line.substr(13) : std::string_view{};
  return outcome::status;
}

lenient_head::outcome lenient_head::parse_field(std::string_view line) {
  const std::size_t colon = line.find(':');
  if (colon == line.npos || colon == 0) return outcome::malformed;
  name_ = trimmed(line.substr(0, colon));
  if (name_.empty()) return outcome::malformed;
  value_ = trimmed(line.substr(colon + 1));
  return outcome::field;
}

}  // namespace braid::http
