#include "traits.hpp"

#include <array>

namespace braid::html {
namespace {

/// Elements that begin a line of their own, or are none that holds text.
constexpr std::array<std::string_view, 71> blocks = {
    "div",      "li",         "p",       "h3",       "ul",         "td",       "tr",       "br",      "img",
    "table",    "tbody",      "h2",      "h1",       "h4",         "h5",       "h6",       "input",   "button",
    "form",     "section",    "article", "header",   "footer",     "nav",      "main",     "aside",   "ol",
    "dl",       "dt",         "dd",      "body",     "html",       "head",     "title",    "th",      "thead",
    "tfoot",    "caption",    "col",     "colgroup", "hr",         "pre",      "center",   "select",  "option",
    "optgroup", "textarea",   "label",   "legend",   "fieldset",   "figure",   "summary",  "details", "dialog",
    "svg",      "figcaption", "picture", "video",    "audio",      "source",   "iframe",   "object",  "embed",
    "canvas",   "map",        "address", "menu",     "blockquote", "frameset", "noframes", "link"};

/// The blocks by a number made of their letters, each behind those of the same number that stand before it.
class block_table {
 public:
  constexpr block_table() {
    for (const std::string_view name : blocks) {
      std::size_t at = place(name);
      while (!slots_[at].empty()) at = next(at);
      slots_[at] = name;
    }
  }
  constexpr bool has(std::string_view name) const {
    for (std::size_t at = place(name); !slots_[at].empty(); at = next(at)) {
      if (slots_[at] == name) return true;
    }
    return false;
  }

 private:
  static constexpr std::size_t size = 512;
  static constexpr std::size_t next(std::size_t at) { return (at + 1) % size; }
  static constexpr std::size_t place(std::string_view name) {
    const auto first = static_cast<unsigned char>(name.front()), last = static_cast<unsigned char>(name.back());
    return (name.size() * 67 + first * 13u + last * 31u) % size;
  }

  std::array<std::string_view, size> slots_{};
};

constexpr block_table block_names;

/// Inside inline elements text runs on: between these no space is made up. What HTML does not know is one of them (old
/// Ask has <KW> around the words of the query); a name with a dash is a custom element, which is usually a box.
text_flow flow_of(std::string_view name) {
  if (name.empty()) return text_flow::inside;
  if (block_names.has(name)) return text_flow::block;
  if (name == "script" || name == "style" || name == "template" || name == "noscript") return text_flow::hidden;
  return name.find('-') == std::string_view::npos ? text_flow::inside : text_flow::block;
}

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f'; }

void add_classes(traits& to, std::string_view value) {
  for (std::size_t at = 0; at < value.size();) {
    std::size_t end = at;
    while (end < value.size() && !is_space(value[end])) ++end;
    to.add(class_traits(value.substr(at, end - at)));
    at = end + 1;
  }
}

}  // namespace

void note_traits(tree& in) {
  in.has.resize(in.nodes.size());
  for (std::size_t i = 0; i < in.nodes.size(); ++i) {
    node_data& here = in.nodes[i];
    if (here.kind != node_kind::element) continue;
    here.flow = flow_of(here.text);
    traits& its = in.has[i];
    its.add(element_traits(here.text));
    bool has_id = false;
    for (std::uint32_t a = here.first_attribute; a < here.first_attribute + here.attribute_count; ++a) {
      const attribute_data& attribute = in.attributes[a];
      its.add(attribute_traits(attribute.name));
      if (a == here.class_attribute) add_classes(its, attribute.value);
      if (!has_id && attribute.name == "id") {
        has_id = true;
        its.add(id_traits(attribute.value));
      }
    }
  }
}

}  // namespace braid::html
