#include "json_positions.hpp"

#include <algorithm>
#include <vector>

#include <braid/core/error.hpp>

namespace braid::serp {
namespace {

using json = nlohmann::ordered_json;

/// An iterator over the text that the parser moves and the recorder looks at.
struct counting_iterator {
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  const char* at;
  std::size_t* offset;
  const char* begin;

  reference operator*() const { return *at; }
  counting_iterator& operator++() {
    ++at;
    *offset = static_cast<std::size_t>(at - begin);
    return *this;
  }
  counting_iterator operator++(int) {
    auto old = *this;
    ++*this;
    return old;
  }
  friend bool operator==(const counting_iterator& a, const counting_iterator& b) { return a.at == b.at; }
};

/// Notes where each value and key begins. The parser reports a token after it has read it, so a token begins at the
/// first character after the previous one that is no punctuation.
class recorder : public nlohmann::json_sax<json> {
 public:
  recorder(std::string_view text, const std::size_t& offset, std::map<std::string, std::size_t>& offsets)
      : text_(text), offset_(offset), offsets_(offsets) {}

  bool null() override { return value(); }
  bool boolean(bool) override { return value(); }
  bool number_integer(number_integer_t) override { return value(); }
  bool number_unsigned(number_unsigned_t) override { return value(); }
  bool number_float(number_float_t, const string_t&) override { return value(); }
  bool string(string_t&) override { return value(); }
  bool binary(binary_t&) override { return value(); }
  bool start_object(std::size_t) override { return open(false); }
  bool start_array(std::size_t) override { return open(true); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool key(string_t& name) override {
    auto& top = levels_.back();
    top.key = name;
    if (!top.names.insert({name, true}).second) {
      problem = "the key \"" + name + "\" stands here twice";
      problem_at = token();
      return false;
    }
    offsets_[path()] = token();
    last_ = offset_;
    return true;
  }
  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception& e) override {
    problem = e.what();
    problem_at = position == 0 ? 0 : position - 1;
    return false;
  }

  std::string problem;
  std::size_t problem_at = 0;

 private:
  struct level {
    bool is_array = false;
    std::size_t index = 0;
    std::string key;
    std::map<std::string, bool> names;
  };

  std::string path() const {
    std::string pointer;
    for (const auto& l : levels_) pointer += "/" + (l.is_array ? std::to_string(l.index) : l.key);
    return pointer;
  }
  std::size_t token() const {
    const auto begin = text_.find_first_not_of(" \t\r\n,:", last_);
    return begin == std::string_view::npos ? last_ : begin;
  }
  void note() { offsets_.emplace(path(), token()); }  // a member's place is its key's, noted before
  void after() {
    last_ = offset_;
    // A number is known to end only by the character after it.
    if (last_ > 0 && (text_[last_ - 1] == ',' || text_[last_ - 1] == ']' || text_[last_ - 1] == '}')) --last_;
    if (!levels_.empty()) ++levels_.back().index;
  }
  bool value() {
    note();
    after();
    return true;
  }
  bool open(bool is_array) {
    if (levels_.size() >= 64) {
      problem = "too deep";
      problem_at = offset_;
      return false;
    }
    note();
    levels_.push_back({is_array, 0, {}, {}});
    last_ = offset_;
    return true;
  }
  bool close() {
    levels_.pop_back();
    last_ = offset_;
    if (!levels_.empty()) ++levels_.back().index;
    return true;
  }

  std::string_view text_;
  const std::size_t& offset_;
  std::map<std::string, std::size_t>& offsets_;
  std::vector<level> levels_;
  std::size_t last_ = 0;
};

}  // namespace

positioned_json::positioned_json(std::string_view text, std::string_view source) : text_(text), source_(source) {
  std::size_t offset = 0;
  recorder notes(text_, offset, offsets_);
  const counting_iterator begin{text_.data(), &offset, text_.data()};
  const counting_iterator end{text_.data() + text_.size(), &offset, text_.data()};
  if (!json::sax_parse(begin, end, &notes)) {
    // "[json.exception.parse_error.101] parse error at line 3, column 1: syntax error ...": the place is ours to say.
    const auto cut = notes.problem.find(": ");
    fail_at(std::min(notes.problem_at, text_.size()), notes.problem.starts_with("[json") && cut != std::string::npos
                                                          ? notes.problem.substr(cut + 2)
                                                          : notes.problem);
  }
  root_ = json::parse(text_);
}

void positioned_json::fail(const std::string& pointer, const std::string& why) const {
  const auto found = offsets_.find(pointer);
  fail_at(found == offsets_.end() ? 0 : found->second, why);
}

void positioned_json::fail_at(std::size_t offset, const std::string& why) const {
  const auto before = std::string_view(text_).substr(0, offset);
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  const auto newline = before.rfind('\n');
  const auto column = offset - (newline == std::string_view::npos ? 0 : newline + 1) + 1;
  throw invalid_argument(source_ + ":" + std::to_string(line) + ":" + std::to_string(column) + ": " + why);
}

}  // namespace braid::serp
