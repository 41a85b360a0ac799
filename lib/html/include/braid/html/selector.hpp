#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <braid/html/node.hpp>

namespace braid::html {

struct selector_list;

/// A CSS selector, compiled once: types, classes, ids, attributes with all operators and the `i` flag, the four
/// combinators, lists, and :has() :not() :is() :where() :nth-child() :nth-last-child() :first-child :last-child
/// :only-child :first-of-type :last-of-type :empty :root :scope.
///
/// Threads: a selector does not change; use one from as many threads as you like.
class selector {
 public:
  selector() = default;
  /// Throws: invalid_argument, which quotes the text and says what is wrong where.
  explicit selector(std::string_view text);

  const std::string& text() const { return text_; }
  /// False for one made by default, which matches nothing.
  explicit operator bool() const { return list_ != nullptr; }
  /// `scope` is what :scope stands for.
  bool matches(node element, node scope = {}) const;

 private:
  friend class matcher;
  std::string text_;
  std::shared_ptr<const selector_list> list_;
};

/// Every element below `from` that `which` matches, in document order, each once.
std::vector<node> select(node from, const selector& which);
/// The first of them, or a node that is false.
node select_first(node from, const selector& which);
/// The nearest of `from` and its ancestors that `which` matches.
node closest(node from, const selector& which);

}  // namespace braid::html
