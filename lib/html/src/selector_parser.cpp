#include <cstdlib>
#include <optional>
#include <string_view>

#include <braid/core/error.hpp>

#include "selector_list.hpp"

namespace braid::html {
namespace {

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '-' || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }
std::string lower(std::string text) {
  for (char& c : text) c = lower(c);
  return text;
}

class selector_parser {
 public:
  explicit selector_parser(std::string_view text) : text_(text) {}

  selector_list whole() {
    auto list = alternatives(false);
    if (at_ != text_.size()) fail(std::string("unexpected '") + text_[at_] + "'");
    return list;
  }

 private:
  [[noreturn]] void fail(const std::string& why) const {
    throw invalid_argument("selector \"" + std::string(text_) + "\": " + why + " at character " +
                           std::to_string(at_ + 1));
  }
  char peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
  bool take(char c) {
    if (peek() != c || at_ >= text_.size()) return false;
    ++at_;
    return true;
  }
  void expect(char c) {
    if (!take(c)) fail(std::string("expected '") + c + "'");
  }
  bool spaces() {
    const auto begin = at_;
    while (at_ < text_.size() && is_space(text_[at_])) ++at_;
    return at_ != begin;
  }

  std::string identifier() {
    std::string name;
    if (is_digit(peek())) fail("a name cannot begin with a digit (escape it)");
    while (at_ < text_.size()) {
      if (is_name(text_[at_])) {
        name += text_[at_++];
      } else if (text_[at_] == '\\' && at_ + 1 < text_.size()) {
        name += text_[at_ + 1];  // no hexadecimal escapes: a letter after the backslash stands for itself
        at_ += 2;
      } else {
        break;
      }
    }
    if (name.empty()) fail("expected a name");
    return name;
  }

  std::string string_or_name() {
    const char quote = peek();
    if (quote != '"' && quote != '\'') return identifier();
    ++at_;
    std::string value;
    while (at_ < text_.size() && text_[at_] != quote) {
      if (text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
      value += text_[at_++];
    }
    expect(quote);
    return value;
  }

  selector_list alternatives(bool relative) {
    // Nested :has(:not(:has(... comes from a definition file that anybody may write.
    if (++depth_ > 16) fail("too many selectors inside one another");
    selector_list list;
    do {
      spaces();
      list.alternatives.push_back(complex(relative));
      spaces();
    } while (take(','));
    --depth_;
    return list;
  }

  std::optional<combinator> explicit_combinator() {
    if (take('>')) return combinator::child;
    if (take('+')) return combinator::next;
    if (take('~')) return combinator::following;
    return std::nullopt;
  }

  complex_selector complex(bool relative) {
    complex_selector parts;
    auto before = combinator::none;
    if (relative) before = explicit_combinator().value_or(combinator::descendant);
    for (;;) {
      spaces();
      parts.push_back({before, conditions()});
      const bool spaced = spaces();
      if (const auto given = explicit_combinator())
        before = *given;
      else if (spaced && at_ < text_.size() && peek() != ',' && peek() != ')')
        before = combinator::descendant;
      else
        return parts;
    }
  }

  std::vector<condition> conditions() {
    std::vector<condition> all;
    bool any = take('*');
    if (!any && (is_name(peek()) || peek() == '\\')) {
      condition tag;
      tag.name = lower(identifier());
      all.push_back(std::move(tag));
    }
    for (;;) {
      condition next;
      if (take('#')) {
        next.kind = condition_kind::id;
        next.name = identifier();
      } else if (take('.')) {
        next.kind = condition_kind::has_class;
        next.name = identifier();
      } else if (take('[')) {
        next = attribute();
      } else if (take(':')) {
        next = pseudo();
      } else {
        break;
      }
      all.push_back(std::move(next));
    }
    if (all.empty() && !any) fail(at_ < text_.size() ? "expected a selector" : "the selector ends too early");
    return all;
  }

  condition attribute() {
    condition made;
    made.kind = condition_kind::has_attribute;
    spaces();
    made.name = lower(identifier());
    spaces();
    if (take(']')) return made;
    switch (peek()) {
      case '=':
        made.kind = condition_kind::attribute_is;
        break;
      case '~':
        made.kind = condition_kind::attribute_word;
        break;
      case '|':
        made.kind = condition_kind::attribute_dash;
        break;
      case '^':
        made.kind = condition_kind::attribute_begins;
        break;
      case '$':
        made.kind = condition_kind::attribute_ends;
        break;
      case '*':
        made.kind = condition_kind::attribute_contains;
        break;
      default:
        fail("expected ']' or an operator such as '=' or '^='");
    }
    if (made.kind != condition_kind::attribute_is) ++at_;
    expect('=');
    spaces();
    made.value = string_or_name();
    if (spaces() && (take('i') || take('I'))) made.ignore_case = true;
    spaces();
    expect(']');
    return made;
  }

  condition pseudo() {
    const auto begin = at_;
    const auto name = lower(identifier());
    condition made;
    const auto position = [&](condition_kind kind) {
      made.kind = kind;
      made.b = 1;
      return made;
    };
    if (name == "has" || name == "not" || name == "is" || name == "where") {
      made.kind = name == "has" ? condition_kind::has : name == "not" ? condition_kind::is_not : condition_kind::is;
      expect('(');
      made.inner.push_back(alternatives(name == "has"));
      expect(')');
      return made;
    }
    if (name == "nth-child") return counted(condition_kind::nth_child);
    if (name == "nth-last-child") return counted(condition_kind::nth_last_child);
    if (name == "nth-of-type") return counted(condition_kind::nth_of_type);
    if (name == "nth-last-of-type") return counted(condition_kind::nth_last_of_type);
    if (name == "first-child") return position(condition_kind::nth_child);
    if (name == "last-child") return position(condition_kind::nth_last_child);
    if (name == "first-of-type") return position(condition_kind::nth_of_type);
    if (name == "last-of-type") return position(condition_kind::nth_last_of_type);
    if (name == "only-child") {
      // Both first and last: an :is() with one alternative of two conditions.
      condition first, last;
      first.kind = condition_kind::nth_child;
      last.kind = condition_kind::nth_last_child;
      first.b = last.b = 1;
      made.kind = condition_kind::is;
      made.inner.push_back({{{compound{combinator::none, {first, last}}}}});
      return made;
    }
    if (name == "empty")
      made.kind = condition_kind::empty;
    else if (name == "root")
      made.kind = condition_kind::root;
    else if (name == "scope")
      made.kind = condition_kind::scope;
    else {
      at_ = begin;
      fail("unknown pseudo-class :" + name);
    }
    return made;
  }

  int number() {
    std::string digits;
    while (is_digit(peek()) && digits.size() < 6) digits += text_[at_++];
    if (digits.empty()) fail("expected a number");
    return std::atoi(digits.c_str());
  }

  condition counted(condition_kind kind) {
    condition made;
    made.kind = kind;
    expect('(');
    spaces();
    if (text_.substr(at_).starts_with("odd") || text_.substr(at_).starts_with("even")) {
      made.a = 2;
      made.b = peek() == 'o' ? 1 : 0;
      at_ += peek() == 'o' ? 3u : 4u;
    } else {
      int sign = take('-') ? -1 : (take('+'), 1);
      if (lower(peek()) == 'n') {
        made.a = sign;
      } else {
        made.b = sign * number();
      }
      if (take('n') || take('N')) {
        if (made.b != 0) made.a = made.b;
        made.b = 0;
        spaces();
        if (peek() == '+' || peek() == '-') {
          sign = take('-') ? -1 : (take('+'), 1);
          spaces();
          made.b = sign * number();
        }
      }
    }
    spaces();
    expect(')');
    return made;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

}  // namespace

selector_list parse_selector(std::string_view text) { return selector_parser(text).whole(); }

}  // namespace braid::html
