#include "glob.hpp"

#include <algorithm>
#include <charconv>
#include <limits>

#include "get_error.hpp"

namespace braid::get {

namespace {

constexpr std::size_t most = 1'000'000;

struct part {
  std::vector<std::string> choices;
  bool counted = false;  // by #1
  std::string name;
};

[[noreturn]] void refuse(const char* why, std::string_view pattern, std::size_t position) {
  throw get_error(bad_url, std::string(why) + " in URL position " + std::to_string(position + 1) + ":\n" +
                               std::string(pattern) + "\n" + std::string(position, ' ') + "^");
}

bool is_letter(char c) { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool take_number(std::string_view text, std::size_t& at, unsigned long& number) {
  const char* const begin = text.data() + at;
  const auto read = std::from_chars(begin, text.data() + text.size(), number);
  if (read.ec != std::errc() || read.ptr == begin) return false;
  at += static_cast<std::size_t>(read.ptr - begin);
  return true;
}

class expander {
 public:
  explicit expander(std::string_view pattern) : pattern_(pattern) {}

  std::vector<part> parts() {
    std::string literal;
    while (at_ < pattern_.size()) {
      const char c = pattern_[at_];
      if (c == '\\' && at_ + 1 < pattern_.size() &&
          std::string_view("{}[]\\").find(pattern_[at_ + 1]) != std::string::npos) {
        literal += pattern_[at_ + 1];
        at_ += 2;
      } else if (c == '{' || (c == '[' && !copy_address(literal))) {
        if (c == '{' && pattern_.substr(at_).starts_with("{}")) {
          literal += "{}";
          at_ += 2;
          continue;
        }
        add_literal(literal);
        c == '{' ? read_set() : read_range();
      } else if (c == '}' || c == ']') {
        refuse("unmatched close brace/bracket", pattern_, at_);
      } else if (c != '[') {
        literal += c;
        ++at_;
      }
    }
    add_literal(literal);
    return std::move(parts_);
  }

 private:
  void add_literal(std::string& text) {
    if (text.empty()) return;
    parts_.push_back({{std::move(text)}, false});
    text.clear();
  }

  /// "[::1]" is an address, not a range; so is what is no range and has a colon before its end.
  bool copy_address(std::string& to) {
    const std::size_t end = pattern_.find(']', at_);
    if (end == pattern_.npos) return false;
    const std::string_view inside = pattern_.substr(at_ + 1, end - at_ - 1);
    const std::size_t zone = std::min(inside.find('%'), inside.size());
    const bool address = inside.substr(0, zone).find_first_not_of("0123456789abcdefABCDEF:.") == inside.npos &&
                         inside.find(':') != inside.npos &&
                         inside.substr(0, zone).find(':', inside.find(':') + 1) != inside.npos;
    if (!address && !inside.empty()) return false;
    to += pattern_.substr(at_, end + 1 - at_);
    at_ = end + 1;
    return true;
  }

  void read_set() {
    part out;
    out.counted = true;
    const std::size_t begin = at_++;
    out.name = read_name();
    std::string choice;
    for (;; ++at_) {
      if (at_ >= pattern_.size()) refuse("unmatched brace", pattern_, begin);
      const char c = pattern_[at_];
      if (c == '\\' && at_ + 1 < pattern_.size()) {
        choice += pattern_[++at_];
      } else if (c == ',' || c == '}') {
        out.choices.push_back(std::move(choice));
        choice.clear();
        if (c == '}') break;
      } else if (c == '{' || c == '[') {
        refuse("nested brace", pattern_, at_);
      } else if (c == ']') {
        refuse("unexpected close bracket", pattern_, at_);
      } else {
        choice += c;
      }
    }
    ++at_;
    add(std::move(out));
  }

  void read_range() {
    const std::size_t begin = at_++;
    part out;
    out.counted = true;
    out.name = read_name();
    if (at_ + 2 < pattern_.size() && is_letter(pattern_[at_]) && pattern_[at_ + 1] == '-' &&
        is_letter(pattern_[at_ + 2])) {
      const char first = pattern_[at_], last = pattern_[at_ + 2];
      at_ += 3;
      const unsigned long step = read_step(begin);
      if (last < first || step > static_cast<unsigned long>(last - first + 1)) refuse("bad range", pattern_, at_);
      for (unsigned long c = static_cast<unsigned char>(first); c <= static_cast<unsigned char>(last); c += step) {
        out.choices.emplace_back(1, static_cast<char>(c));
      }
    } else if (at_ < pattern_.size() && is_digit(pattern_[at_])) {
      const std::size_t digits = at_;
      unsigned long first = 0, last = 0;
      if (!take_number(pattern_, at_, first)) refuse("bad range", pattern_, at_);
      const std::size_t width = pattern_[digits] == '0' ? at_ - digits : 0;
      if (at_ >= pattern_.size() || pattern_[at_] != '-') refuse("bad range", pattern_, at_);
      ++at_;
      if (!take_number(pattern_, at_, last)) refuse("bad range", pattern_, at_);
      const unsigned long step = read_step(begin);
      if (last < first || step > last - first + 1 || last == std::numeric_limits<long>::max())
        refuse("bad range", pattern_, at_);
      if ((last - first) / step >= most) refuse("range overflow", pattern_, at_);
      for (unsigned long number = first; number <= last; number += step) {
        std::string text = std::to_string(number);
        if (text.size() < width) text.insert(0, width - text.size(), '0');
        out.choices.push_back(std::move(text));
      }
    } else {
      refuse("bad range specification", pattern_, at_);
    }
    add(std::move(out));
  }

  /// "<name>"
  std::string read_name() {
    const std::size_t end = pattern_.find('>', at_);
    if (at_ >= pattern_.size() || pattern_[at_] != '<' || end == pattern_.npos) return {};
    const std::string name(pattern_.substr(at_ + 1, end - at_ - 1));
    at_ = end + 1;
    return name;
  }

  /// ":2]" or "]".
  unsigned long read_step(std::size_t begin) {
    unsigned long step = 1;
    if (at_ < pattern_.size() && pattern_[at_] == ':') {
      ++at_;
      if (!take_number(pattern_, at_, step) || step == 0) refuse("bad range", pattern_, at_);
    }
    if (at_ >= pattern_.size() || pattern_[at_] != ']') refuse("bad range", pattern_, begin);
    ++at_;
    return step;
  }

  void add(part one) {
    total_ *= one.choices.size();
    if (total_ > most) refuse("range overflow", pattern_, at_);
    parts_.push_back(std::move(one));
  }

  std::string_view pattern_;
  std::size_t at_ = 0;
  std::size_t total_ = 1;
  std::vector<part> parts_;
};

}  // namespace

std::vector<glob_match> expand_glob(std::string_view pattern) {
  const std::vector<part> parts = expander(pattern).parts();
  std::vector<glob_match> out(1);
  for (const part& one : parts) {
    std::vector<glob_match> longer;
    longer.reserve(out.size() * one.choices.size());
    for (const glob_match& begin : out) {
      for (const std::string& choice : one.choices) {
        glob_match next = begin;
        next.text += choice;
        if (one.counted) next.pieces.push_back(choice);
        if (one.counted) next.names.push_back(one.name);
        longer.push_back(std::move(next));
      }
    }
    out = std::move(longer);
  }
  return out;
}

std::string fill_in(std::string_view name, const glob_match& match) {
  std::string out;
  for (std::size_t i = 0; i < name.size(); ++i) {
    std::size_t end = i + 1;
    unsigned long number = 0;
    const std::size_t close = name.substr(i).starts_with("#<") ? name.find('>', i) : name.npos;
    if (close != name.npos) {
      const std::string_view wanted = name.substr(i + 2, close - i - 2);
      const auto at = std::find(match.names.begin(), match.names.end(), wanted);
      if (at == match.names.end()) {
        throw get_error(bad_argument, "no glob is called '" + std::string(wanted) + "'");
      }
      out += match.pieces[static_cast<std::size_t>(at - match.names.begin())];
      i = close;
      continue;
    }
    const bool numbered =
        name[i] == '#' && take_number(name, end, number) && number >= 1 && number <= match.pieces.size();
    if (numbered) {
      out += match.pieces[number - 1];
      i = end - 1;
    } else {
      out += name[i];
    }
  }
  return out;
}

}  // namespace braid::get
