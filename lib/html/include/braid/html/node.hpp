#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace braid::html {

struct tree;

/// A place in a document: two words, passed by value. A default-made node is nowhere: it converts to false, has no
/// text, no attributes and no relatives.
///
/// Lifetime: the document's.
class node {
 public:
  node() = default;
  node(const tree* in, std::uint32_t index) : tree_(in), index_(index) {}

  explicit operator bool() const { return tree_ != nullptr; }
  bool is_element() const;
  bool is_text() const;
  /// Lower case; empty unless an element.
  std::string_view name() const;

  /// What a reader would read: text below here without scripts, styles and templates, each run of white space one
  /// space, none at the ends; block elements and <br> separate words.
  std::string text() const;
  /// The same without what stands in `without` (in document order) and, unless `after` is nowhere, only what follows
  /// that node.
  std::string text(std::span<const node> without, node after) const;
  /// A text's own characters, as they are; empty unless a text.
  std::string_view characters() const;
  std::optional<std::string_view> attribute(std::string_view name) const;
  bool has_class(std::string_view name) const;

  node parent() const;
  node first_child() const;
  node next_sibling() const;
  node previous_sibling() const;
  /// True for itself and everything below.
  bool contains(node other) const;

  /// Counts nodes in document order; end() is one past the last node below this one.
  std::uint32_t index() const { return index_; }
  std::uint32_t end() const;

  friend bool operator==(node a, node b) { return a.tree_ == b.tree_ && a.index_ == b.index_; }

 private:
  friend class matcher;
  const tree* tree_ = nullptr;
  std::uint32_t index_ = 0;
};

}  // namespace braid::html
