// The ranges of a pattern: [1-9], [a-z:2].
#include <limits>

#include "glob_parser.hpp"
#include "numbers.hpp"

namespace braid::get {

namespace {

bool is_letter(char c) { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

void glob_parser::read_range() {
  const std::size_t begin = at_++;
  part out;
  out.counted = true;
  out.name = read_name();
  if (at_ + 2 < pattern_.size() && is_letter(pattern_[at_]) && pattern_[at_ + 1] == '-' &&
      is_letter(pattern_[at_ + 2])) {
    const char first = pattern_[at_], last = pattern_[at_ + 2];
    at_ += 3;
    const unsigned long step = read_step(begin);
    if (last < first || step > static_cast<unsigned long>(last - first + 1)) refuse("bad range", at_);
    out.letters = true;
    out.first = static_cast<unsigned char>(first);
    out.step = step;
    out.count = static_cast<unsigned long>(last - first) / step + 1;
  } else if (at_ < pattern_.size() && is_digit(pattern_[at_])) {
    const std::size_t digits = at_;
    unsigned long first = 0, last = 0;
    if (!take_number(pattern_, at_, first)) refuse("bad range", at_);
    const std::size_t width = pattern_[digits] == '0' ? at_ - digits : 0;
    if (at_ >= pattern_.size() || pattern_[at_] != '-') refuse("bad range", at_);
    ++at_;
    if (!take_number(pattern_, at_, last)) refuse("bad range", at_);
    const unsigned long step = read_step(begin);
    if (last < first || step > last - first + 1 || last == std::numeric_limits<long>::max()) refuse("bad range", at_);
    out.first = first;
    out.step = step;
    out.count = (last - first) / step + 1;
    out.width = width;
  } else {
    refuse("bad range specification", at_);
  }
  add(std::move(out));
}

/// ":2]" or "]".
unsigned long glob_parser::read_step(std::size_t begin) {
  unsigned long step = 1;
  if (at_ < pattern_.size() && pattern_[at_] == ':') {
    ++at_;
    if (!take_number(pattern_, at_, step) || step == 0) refuse("bad range", at_);
  }
  if (at_ >= pattern_.size() || pattern_[at_] != ']') refuse("bad range", begin);
  ++at_;
  return step;
}

}  // namespace braid::get
