#include "glob_parser.hpp"

#include <algorithm>
#include <utility>

#include "get_error.hpp"

namespace braid::get {

namespace {

constexpr std::uint64_t most = INT64_MAX;
constexpr std::size_t most_parts = 191;
constexpr std::size_t longest_message = 511;

}  // namespace

glob_pattern glob_parser::read() {
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
      refuse("unmatched close brace/bracket", at_);
    } else if (c != '[') {
      literal += c;
      ++at_;
    }
  }
  add_literal(literal);
  return std::move(out_);
}

void glob_parser::add_literal(std::string& text) {
  if (text.empty()) return;
  part out;
  out.choices.push_back(std::exchange(text, {}));
  add(std::move(out));
}

/// "[::1]" is an address, not a range; so is what is no range and has a colon before its end.
bool glob_parser::copy_address(std::string& to) {
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

void glob_parser::read_set() {
  part out;
  out.counted = true;
  const std::size_t begin = at_++;
  out.name = read_name();
  std::string choice;
  for (;; ++at_) {
    if (at_ >= pattern_.size()) refuse("unmatched brace", begin);
    const char c = pattern_[at_];
    if (c == '\\' && at_ + 1 < pattern_.size()) {
      choice += pattern_[++at_];
    } else if (c == ',' || c == '}') {
      out.choices.push_back(std::exchange(choice, {}));
      if (c == '}') break;
    } else if (c == '{' || c == '[') {
      refuse("nested brace", at_);
    } else if (c == ']') {
      refuse("unexpected close bracket", at_);
    } else {
      choice += c;
    }
  }
  ++at_;
  out.count = out.choices.size();
  add(std::move(out));
}

/// "<name>"
std::string glob_parser::read_name() {
  const std::size_t end = pattern_.find('>', at_);
  if (at_ >= pattern_.size() || pattern_[at_] != '<' || end == pattern_.npos) return {};
  const std::string name(pattern_.substr(at_ + 1, end - at_ - 1));
  const bool twice = std::any_of(out_.parts_.begin(), out_.parts_.end(), [&](auto& one) { return one.name == name; });
  if (twice && !name.empty()) refuse("Duplicate glob name", end);
  at_ = end + 1;
  return name;
}

void glob_parser::add(part one) {
  if (out_.parts_.size() == most_parts) refuse("too many {} sets", at_);
  if (out_.size_ > most / one.count) refuse("range overflow", at_);
  out_.size_ *= one.count;
  out_.parts_.push_back(std::move(one));
}

void glob_parser::refuse(const char* why, std::size_t position) const {
  const std::string where = " in position " + std::to_string(position + 1) + ":\n" + std::string(pattern_) + "\n" +
                            std::string(position, ' ') + "^";
  throw get_error(bad_url, (why + where).substr(0, longest_message));
}

}  // namespace braid::get
