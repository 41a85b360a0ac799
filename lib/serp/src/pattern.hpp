#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace braid::serp {

/// A regular expression (Perl syntax, ignoring case), compiled once. Its only .cpp knows whose.
class pattern {
 public:
  pattern() = default;
  /// Throws: invalid_argument.
  explicit pattern(const std::string& text);

  explicit operator bool() const { return compiled_ != nullptr; }
  const std::string& text() const;
  /// An expression that needs too many steps on this text has not matched.
  bool found_in(std::string_view text) const;
  /// The first group, or the whole match where there is no group.
  std::optional<std::string> extract(std::string_view text) const;
  /// Every match replaced; $1 stands for the first group.
  std::string replace(std::string_view text, const std::string& with) const;

 private:
  struct compiled;
  std::shared_ptr<const compiled> compiled_;
};

}  // namespace braid::serp
