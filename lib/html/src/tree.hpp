#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace braid::html {

enum class node_kind : std::uint8_t { root, element, text };

/// How an element stands in the text around it.
enum class text_flow : std::uint8_t { inside, block, hidden };

constexpr std::uint32_t no_attribute = UINT32_MAX;

/// One node. Nodes stand in document order, so what is below a node is the range up to `end`: selecting is a walk
/// along an array.
struct node_data {
  std::string_view text;  // an element's name, a text's characters
  std::uint32_t parent = 0;
  std::uint32_t end = 0;
  std::uint32_t first_attribute = 0;
  std::uint32_t class_attribute = no_attribute;
  std::uint16_t attribute_count = 0;
  node_kind kind = node_kind::text;
  text_flow flow = text_flow::inside;
};

/// What an element has, as bits: a condition whose bits are missing cannot hold, which spares most comparisons. Nodes
/// that are no elements have none.
struct traits {
  std::uint64_t names = 0;  // its name and those of its attributes
  std::uint64_t words = 0;  // its classes and its id, and `element`

  static constexpr std::uint64_t element = 1;

  constexpr bool cover(const traits& wanted) const { return ((wanted.names & ~names) | (wanted.words & ~words)) == 0; }
  constexpr void add(const traits& other) {
    names |= other.names;
    words |= other.words;
  }
};

/// One bit of 64 for a text.
constexpr std::uint64_t bit_of(std::string_view text, unsigned salt) {
  if (text.empty()) return 0;
  const auto first = static_cast<unsigned char>(text.front()), last = static_cast<unsigned char>(text.back());
  const auto middle = static_cast<unsigned char>(text[text.size() / 2]);
  return std::uint64_t{1} << ((text.size() * 7 + first * 3u + middle * 11u + last * 5u + salt) % 64);
}
constexpr traits element_traits(std::string_view name) { return {bit_of(name, 0), traits::element}; }
constexpr traits attribute_traits(std::string_view name) { return {bit_of(name, 29), traits::element}; }
constexpr traits class_traits(std::string_view word) { return {0, bit_of(word, 0) | traits::element}; }
constexpr traits id_traits(std::string_view value) { return {0, bit_of(value, 29) | traits::element}; }

struct attribute_data {
  std::string_view name, value;
};

/// What keeps the characters alive that the views point to; the parser's own.
struct characters {
  virtual ~characters() = default;
};

struct tree {
  std::vector<node_data> nodes;
  std::vector<traits> has;  // for each node
  std::vector<attribute_data> attributes;
  std::unique_ptr<characters> keep;
  std::string_view charset;
};

}  // namespace braid::html
