#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace braid::html {

enum class node_kind : std::uint8_t { root, element, text };

constexpr std::uint32_t no_attribute = UINT32_MAX;

/// One node. Nodes stand in document order, so what is below a node is the range up to `end`: selecting is a walk
/// along an array.
struct node_data {
  std::string_view text;    // an element's name, a text's characters
  std::uint64_t names = 0;  // of an element: see name_bit()
  std::uint32_t parent = 0;
  std::uint32_t end = 0;
  std::uint32_t first_attribute = 0;
  std::uint32_t class_attribute = no_attribute;
  std::uint16_t attribute_count = 0;
  node_kind kind = node_kind::text;
};

/// One bit of 64 for a name. An element's bits are those of its own name and of its attributes' names: a condition
/// whose bit is missing cannot hold, which spares most comparisons.
constexpr std::uint64_t name_bit(std::string_view name, unsigned salt) {
  if (name.empty()) return 0;
  const auto first = static_cast<unsigned char>(name.front()), last = static_cast<unsigned char>(name.back());
  return std::uint64_t{1} << ((name.size() * 7 + first * 3u + last * 5u + salt) % 64);
}
constexpr std::uint64_t element_bit(std::string_view name) { return name_bit(name, 0); }
constexpr std::uint64_t attribute_bit(std::string_view name) { return name_bit(name, 29); }

struct attribute_data {
  std::string_view name, value;
};

/// What keeps the characters alive that the views point to; the parser's own.
struct characters {
  virtual ~characters() = default;
};

struct tree {
  std::vector<node_data> nodes;
  std::vector<attribute_data> attributes;
  std::unique_ptr<characters> keep;
  std::string_view charset;
};

}  // namespace braid::html
