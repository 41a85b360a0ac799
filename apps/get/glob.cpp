#include "glob.hpp"

#include <algorithm>
#include <utility>

#include "get_error.hpp"
#include "glob_parser.hpp"
#include "numbers.hpp"

namespace braid::get {

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
