#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace braid::get {

/// One of the texts that a pattern stands for, with what each {} or [] in it stood for.
struct glob_match {
  std::string text;
  std::vector<std::string> pieces;
  std::vector<std::string> names;  // of the pieces, as in "{<name>a,b}"; empty for those without
};

/// "a{b,c}[1-9]", "[a-z:2]", "[001-100:10]": a pattern for many texts, the last part changing fastest; "\{" is a brace.
/// IPv6 addresses in brackets stay. The texts are made one by one: a pattern of a billion takes no more memory than it
/// is long.
class glob_pattern {
 public:
  /// Of `text` alone.
  static glob_pattern plain(std::string text);
  /// Throws: get_error (3), which says where; for more than 2^63 texts and for more than 1,000 parts, too.
  static glob_pattern parse(std::string_view pattern);

  std::uint64_t size() const { return size_; }
  /// The n-th text, below size().
  glob_match at(std::uint64_t n) const;

 private:
  friend class glob_parser;
  struct part {
    std::vector<std::string> choices;  // of a set; of literal text, one
    bool counted = false;              // by #1
    bool letters = false;              // of a range
    std::uint64_t first = 0, step = 1, count = 1;
    std::size_t width = 0;  // of numbers, with zeros
    std::string name;

    std::string text(std::uint64_t n) const;
  };

  std::vector<part> parts_;
  std::uint64_t size_ = 1;
};

/// "#1" and "#<name>" in a file's name, for the pieces of the URL's match. Throws: get_error (43) for a name that is
/// none.
std::string fill_in(std::string_view name, const glob_match& match);

}  // namespace braid::get
