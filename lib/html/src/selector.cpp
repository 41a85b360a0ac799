#include <braid/html/selector.hpp>

#include <algorithm>

#include "selector_list.hpp"
#include "tree.hpp"

namespace braid::html {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

bool equal(std::string_view a, std::string_view b, bool ignore_case) {
  if (!ignore_case) return a == b;
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

bool contains(std::string_view text, std::string_view part, bool ignore_case) {
  if (!ignore_case) return text.find(part) != std::string_view::npos;
  return std::search(text.begin(), text.end(), part.begin(), part.end(),
                     [](char x, char y) { return lower(x) == lower(y); }) != text.end();
}

bool has_word(std::string_view text, std::string_view word, bool ignore_case) {
  if (word.empty()) return false;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find_first_of(" \t\n\r\f", at), text.size());
    if (equal(text.substr(at, end - at), word, ignore_case)) return true;
    at = end + 1;
  }
  return false;
}

bool attribute_matches(const condition& c, std::string_view value) {
  const auto& want = c.value;
  switch (c.kind) {
    case condition_kind::has_attribute:
      return true;
    case condition_kind::attribute_is:
      return equal(value, want, c.ignore_case);
    case condition_kind::attribute_word:
      return has_word(value, want, c.ignore_case);
    case condition_kind::attribute_dash:
      return equal(value.substr(0, want.size()), want, c.ignore_case) &&
             (value.size() == want.size() || value[want.size()] == '-');
    case condition_kind::attribute_begins:
      return !want.empty() && equal(value.substr(0, want.size()), want, c.ignore_case);
    case condition_kind::attribute_ends:
      return !want.empty() && value.size() >= want.size() &&
             equal(value.substr(value.size() - want.size()), want, c.ignore_case);
    case condition_kind::attribute_contains:
      return !want.empty() && contains(value, want, c.ignore_case);
    default:
      return false;
  }
}

bool fits(int a, int b, int position) {
  if (a == 0) return position == b;
  return (position - b) / a >= 0 && (position - b) % a == 0;
}

}  // namespace

/// Matches elements of one tree against selectors, right to left.
class matcher {
 public:
  matcher(const tree& in, std::uint32_t scope) : tree_(in), scope_(scope) {}

  static const tree* tree_of(node n) { return n.tree_; }
  static const selector_list* list_of(const selector& s) { return s.list_.get(); }

  bool any(const selector_list& list, std::uint32_t at) const {
    for (const auto& one : list.alternatives)
      if (complex(one, one.size() - 1, at)) return true;
    return false;
  }

 private:
  const node_data& data(std::uint32_t at) const { return tree_.nodes[at]; }
  bool is_element(std::uint32_t at) const { return data(at).kind == node_kind::element; }

  /// The element before this one among its siblings; 0 if there is none.
  std::uint32_t previous_element(std::uint32_t at) const {
    node here(&tree_, at);
    do {
      here = here.previous_sibling();
    } while (here && !here.is_element());
    return here ? here.index() : 0;
  }
  std::uint32_t next_element(std::uint32_t at) const {
    node here(&tree_, at);
    do {
      here = here.next_sibling();
    } while (here && !here.is_element());
    return here ? here.index() : 0;
  }

  /// Whether `parts` up to `last` match, with `at` as the element of `last`. `anchor`, where given, is what the first
  /// combinator of a relative selector starts from.
  bool complex(const complex_selector& parts, std::size_t last, std::uint32_t at,
               std::uint32_t anchor = UINT32_MAX) const {
    return tree_.has[at].cover(parts[last].needs) && holds(parts, last, at, anchor);
  }

  /// The same for an element that has what the compound needs.
  bool holds(const complex_selector& parts, std::size_t last, std::uint32_t at, std::uint32_t anchor) const {
    if (!all(parts[last], at)) return false;
    const auto before = parts[last].before;
    if (last == 0) return before == combinator::none || related(before, at, anchor);
    switch (before) {
      case combinator::child: {
        const auto up = data(at).parent;
        return complex(parts, last - 1, up, anchor);
      }
      case combinator::descendant:
        for (auto up = data(at).parent; up != 0; up = data(up).parent)
          if (complex(parts, last - 1, up, anchor)) return true;
        return false;
      case combinator::next: {
        const auto left = previous_element(at);
        return left != 0 && complex(parts, last - 1, left, anchor);
      }
      case combinator::following:
        for (auto left = previous_element(at); left != 0; left = previous_element(left))
          if (complex(parts, last - 1, left, anchor)) return true;
        return false;
      case combinator::none:
        break;
    }
    return false;
  }

  bool related(combinator how, std::uint32_t at, std::uint32_t anchor) const {
    switch (how) {
      case combinator::child:
        return data(at).parent == anchor;
      case combinator::descendant:
        return at > anchor && at < data(anchor).end;
      case combinator::next:
        return previous_element(at) == anchor;
      case combinator::following:
        return data(at).parent == data(anchor).parent && at > anchor;
      case combinator::none:
        break;
    }
    return false;
  }

  /// :has(): is there an element in the reach of the first combinator?
  bool has(const selector_list& list, std::uint32_t anchor) const {
    for (const auto& one : list.alternatives) {
      const auto first = one.front().before;
      const bool beside = first == combinator::next || first == combinator::following;
      const auto begin = beside ? data(anchor).end : anchor + 1;
      const auto end = beside ? data(data(anchor).parent).end : data(anchor).end;
      for (auto at = begin; at < end; ++at)
        if (complex(one, one.size() - 1, at, anchor)) return true;
    }
    return false;
  }

  int position(std::uint32_t at, bool from_end, bool of_type) const {
    int count = 1;
    const auto name = data(at).text;
    for (auto s = from_end ? next_element(at) : previous_element(at); s != 0;
         s = from_end ? next_element(s) : previous_element(s))
      if (!of_type || data(s).text == name) ++count;
    return count;
  }

  bool all(const compound& part, std::uint32_t at) const {
    return std::all_of(part.conditions.begin(), part.conditions.end(), [&](const condition& c) { return one(c, at); });
  }

  bool one(const condition& c, std::uint32_t at) const {
    const node here(&tree_, at);
    switch (c.kind) {
      case condition_kind::tag:
        return data(at).text == c.name;
      case condition_kind::id:
        return here.attribute("id") == c.name;
      case condition_kind::has_class:
        return here.has_class(c.name);
      case condition_kind::has:
        return has(c.inner.front(), at);
      case condition_kind::is_not:
        return !any(c.inner.front(), at);
      case condition_kind::is:
        return any(c.inner.front(), at);
      case condition_kind::nth_child:
        return fits(c.a, c.b, position(at, false, false));
      case condition_kind::nth_last_child:
        return fits(c.a, c.b, position(at, true, false));
      case condition_kind::nth_of_type:
        return fits(c.a, c.b, position(at, false, true));
      case condition_kind::nth_last_of_type:
        return fits(c.a, c.b, position(at, true, true));
      case condition_kind::empty:
        return data(at).end == at + 1;
      case condition_kind::root:
        return data(data(at).parent).kind == node_kind::root;
      case condition_kind::scope:
        return at == scope_;
      default:
        break;
    }
    const auto value = here.attribute(c.name);
    return value && attribute_matches(c, *value);
  }

  const tree& tree_;
  std::uint32_t scope_;
};

namespace {

/// What an element must have for the condition to hold.
traits needs_of(const condition& c) {
  switch (c.kind) {
    case condition_kind::tag:
      return element_traits(c.name);
    case condition_kind::id: {
      traits both = attribute_traits("id");
      both.add(id_traits(c.name));
      return both;
    }
    case condition_kind::has_class: {
      traits both = attribute_traits("class");
      both.add(class_traits(c.name));
      return both;
    }
    case condition_kind::has_attribute:
    case condition_kind::attribute_is:
    case condition_kind::attribute_word:
    case condition_kind::attribute_dash:
    case condition_kind::attribute_begins:
    case condition_kind::attribute_ends:
    case condition_kind::attribute_contains:
      return attribute_traits(c.name);
    default:
      return {0, traits::element};
  }
}

void note_needs(selector_list& list) {
  list.needs = {~std::uint64_t{0}, ~std::uint64_t{0}};
  for (auto& one : list.alternatives) {
    for (auto& part : one) {
      part.needs.words = traits::element;
      for (auto& c : part.conditions) {
        part.needs.add(needs_of(c));
        for (auto& inner : c.inner) note_needs(inner);
      }
    }
    list.needs.names &= one.back().needs.names;
    list.needs.words &= one.back().needs.words;
  }
}

selector_list compiled(std::string_view text) {
  auto list = parse_selector(text);
  note_needs(list);
  return list;
}

}  // namespace

selector::selector(std::string_view text) : text_(text), list_(std::make_shared<const selector_list>(compiled(text))) {}

bool selector::matches(node element, node scope) const {
  if (!list_ || !element.is_element()) return false;
  return matcher(*matcher::tree_of(element), scope ? scope.index() : UINT32_MAX).any(*list_, element.index());
}

namespace {

template <class Take>
void walk(node from, const selector& which, Take take) {
  const auto* const in = matcher::tree_of(from);
  const auto* const list = matcher::list_of(which);
  if (in == nullptr || list == nullptr) return;
  const matcher matching(*in, from.index());
  const auto end = from.end();
  for (auto at = from.index() + 1; at < end; ++at)
    if (in->has[at].cover(list->needs) && matching.any(*list, at))
      if (!take(node(in, at))) return;
}

}  // namespace

std::vector<node> select(node from, const selector& which) {
  std::vector<node> found;
  walk(from, which, [&](node n) {
    found.push_back(n);
    return true;
  });
  return found;
}

node select_first(node from, const selector& which) {
  node found;
  walk(from, which, [&](node n) {
    found = n;
    return false;
  });
  return found;
}

node closest(node from, const selector& which) {
  while (from && !which.matches(from)) from = from.parent();
  return from;
}

}  // namespace braid::html
