#include "server/head_scanner.hpp"

#include <cstring>

namespace braid::http {

void head_scanner::reset() { position_ = searched_ = lines_ = line_size_ = 0; }

head_scanner::outcome head_scanner::scan(std::string_view input) {
  for (;;) {
    const char* const from = input.data() + searched_;
    const void* const hit = searched_ < input.size() ? std::memchr(from, '\n', input.size() - searched_) : nullptr;
    const std::size_t end = hit ? static_cast<std::size_t>(static_cast<const char*>(hit) - input.data()) : input.size();
    if (lines_ == 0 && end - position_ > line_limit_ + 1) return outcome::line_too_long;
    if (end >= head_limit_) return lines_ == 0 ? outcome::line_too_long : outcome::head_too_long;
    if (!hit) {
      searched_ = end;
      // A folded line shows by its first byte: no need to wait for its end.
      const bool folded = lines_ > 0 && position_ < end && (input[position_] == ' ' || input[position_] == '\t');
      return folded ? outcome::malformed : outcome::need_more;
    }
    const std::string_view line = input.substr(position_, end - position_);
    if (line.empty() || line.back() != '\r') return outcome::malformed;
    position_ = searched_ = end + 1;
    if (lines_ == 0) {
      if (line.size() == 1) return outcome::malformed;
      line_size_ = line.size() - 1;
    } else if (line.size() == 1) {
      return outcome::complete;
    } else if (line[0] == ' ' || line[0] == '\t') {
      return outcome::malformed;
    } else if (lines_ > field_limit_) {
      return outcome::too_many_fields;
    }
    ++lines_;
  }
}

}  // namespace braid::http
