#include "glob.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <utility>

#include "get_error.hpp"

namespace braid::get {

namespace {

constexpr std::uint64_t most = INT64_MAX;
constexpr std::size_t most_parts = 191;
constexpr std::size_t longest_message = 511;

[[noreturn]] void refuse(const char* why, std::string_view pattern, std::size_t position) {
  const std::string where = " in position " + std::to_string(position + 1) + ":\n" + std::string(pattern) + "\n" +
                            std::string(position, ' ') + "^";
  throw get_error(bad_url, (why + where).substr(0, longest_message));
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

}  // namespace

class glob_parser {
 public:
  explicit glob_parser(std::string_view pattern) : pattern_(pattern) {}

  glob_pattern read() {
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
    return std::move(out_);
  }

 private:
  using part = glob_pattern::part;

  void add_literal(std::string& text) {
    if (text.empty()) return;
    part out;
    out.choices.push_back(std::exchange(text, {}));
    add(std::move(out));
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
        out.choices.push_back(std::exchange(choice, {}));
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
    out.count = out.choices.size();
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
      out.letters = true;
      out.first = static_cast<unsigned char>(first);
      out.step = step;
      out.count = static_cast<unsigned long>(last - first) / step + 1;
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
      out.first = first;
      out.step = step;
      out.count = (last - first) / step + 1;
      out.width = width;
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
    const bool twice = std::any_of(out_.parts_.begin(), out_.parts_.end(), [&](auto& one) { return one.name == name; });
    if (twice && !name.empty()) refuse("Duplicate glob name", pattern_, end);
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
    if (out_.parts_.size() == most_parts) refuse("too many {} sets", pattern_, at_);
    if (out_.size_ > most / one.count) refuse("range overflow", pattern_, at_);
    out_.size_ *= one.count;
    out_.parts_.push_back(std::move(one));
  }

  std::string_view pattern_;
  std::size_t at_ = 0;
  glob_pattern out_;
};

glob_pattern glob_pattern::plain(std::string text) {
  glob_pattern out;
  part only;
  only.choices.push_back(std::move(text));
  out.parts_.push_back(std::move(only));
  return out;
}

glob_pattern glob_pattern::parse(std::string_view pattern) { return glob_parser(pattern).read(); }

std::string glob_pattern::part::text(std::uint64_t n) const {
  if (!choices.empty()) return choices[static_cast<std::size_t>(n)];
  const std::uint64_t value = first + n * step;
  if (letters) return std::string(1, static_cast<char>(value));
  std::string out = std::to_string(value);
  if (out.size() < width) out.insert(0, width - out.size(), '0');
  return out;
}

glob_match glob_pattern::at(std::uint64_t n) const {
  std::vector<std::uint64_t> digits(parts_.size());
  for (std::size_t i = parts_.size(); i-- > 0; n /= parts_[i].count) digits[i] = n % parts_[i].count;
  glob_match out;
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    const std::string piece = parts_[i].text(digits[i]);
    out.text += piece;
    if (!parts_[i].counted) continue;
    out.pieces.push_back(piece);
    out.names.push_back(parts_[i].name);
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
        throw get_error(bad_argument, "no glob exists with this name in position " + std::to_string(close + 1) + ":\n" +
                                          std::string(name) + "\n" + std::string(close, ' ') + "^");
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
