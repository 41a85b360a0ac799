#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tree.hpp"

namespace braid::html {

struct selector_list;

enum class combinator : unsigned char { none, descendant, child, next, following };

enum class condition_kind : unsigned char {
  tag,
  id,
  has_class,
  has_attribute,
  attribute_is,
  attribute_word,
  attribute_dash,
  attribute_begins,
  attribute_ends,
  attribute_contains,
  has,
  is_not,
  is,
  nth_child,
  nth_last_child,
  nth_of_type,
  nth_last_of_type,
  empty,
  root,
  scope
};

struct condition {
  condition_kind kind = condition_kind::tag;
  bool ignore_case = false;
  std::string name;                  // of a tag, class, id or attribute
  std::string value;                 // of an attribute
  int a = 0, b = 0;                  // an+b
  std::vector<selector_list> inner;  // none or one; a vector because the type is not complete here
};

/// Conditions on one element, and how it is related to what stands left of it.
struct compound {
  combinator before = combinator::none;
  std::vector<condition> conditions;
  traits needs;  // what an element must have
};

/// Left to right. In :has() the first compound has a combinator too: how it is related to the subject.
using complex_selector = std::vector<compound>;

struct selector_list {
  std::vector<complex_selector> alternatives;
  traits needs;  // what an element must have for any of them
};

/// Throws invalid_argument.
selector_list parse_selector(std::string_view text);

}  // namespace braid::html
