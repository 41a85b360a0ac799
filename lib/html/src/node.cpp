#include <braid/html/node.hpp>

#include <algorithm>
#include <array>

#include <braid/core/utf8.hpp>

#include "tree.hpp"

namespace braid::html {
namespace {

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f'; }

/// Elements that begin a line of their own, or are none that holds text.
bool is_block(std::string_view name) {
  static constexpr std::array<std::string_view, 71> names = {
      "div",      "li",         "p",       "h3",       "ul",         "td",       "tr",       "br",      "img",
      "table",    "tbody",      "h2",      "h1",       "h4",         "h5",       "h6",       "input",   "button",
      "form",     "section",    "article", "header",   "footer",     "nav",      "main",     "aside",   "ol",
      "dl",       "dt",         "dd",      "body",     "html",       "head",     "title",    "th",      "thead",
      "tfoot",    "caption",    "col",     "colgroup", "hr",         "pre",      "center",   "select",  "option",
      "optgroup", "textarea",   "label",   "legend",   "fieldset",   "figure",   "summary",  "details", "dialog",
      "svg",      "figcaption", "picture", "video",    "audio",      "source",   "iframe",   "object",  "embed",
      "canvas",   "map",        "address", "menu",     "blockquote", "frameset", "noframes", "link"};
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// Elements inside which text runs on: between these no space is made up. What HTML does not know is one of them (old
/// Ask has <KW> around the words of the query); a name with a dash is a custom element, which is usually a box.
bool is_inline(std::string_view name) { return !is_block(name) && name.find('-') == std::string_view::npos; }

bool is_hidden(std::string_view name) {
  return name == "script" || name == "style" || name == "template" || name == "noscript";
}

/// Collects words with one space between them. U+00A0 counts as space, as it does for a reader.
class word_collector {
 public:
  void space() { pending_ = !text_.empty(); }
  void add(std::string_view part) {
    while (!part.empty()) {
      if (const auto blank = blank_at(part); blank != 0) {
        space();
        part.remove_prefix(blank);
        continue;
      }
      std::size_t end = 1;
      while (end < part.size() && blank_at(part.substr(end)) == 0) ++end;
      if (pending_) text_ += ' ';
      pending_ = false;
      text_ += part.substr(0, end);
      part.remove_prefix(end);
    }
  }
  /// The parser breaks characters around NUL bytes.
  std::string take() { return repaired_utf8(std::move(text_)); }

 private:
  static std::size_t blank_at(std::string_view at) {
    if (is_space(at[0])) return 1;
    return at.starts_with("\xC2\xA0") ? 2 : 0;
  }

  std::string text_;
  bool pending_ = false;
};

}  // namespace

bool node::is_element() const { return tree_ != nullptr && tree_->nodes[index_].kind == node_kind::element; }
bool node::is_text() const { return tree_ != nullptr && tree_->nodes[index_].kind == node_kind::text; }

std::string_view node::name() const { return is_element() ? tree_->nodes[index_].text : std::string_view{}; }
std::string_view node::characters() const { return is_text() ? tree_->nodes[index_].text : std::string_view{}; }

std::string node::text() const { return text({}, node()); }

std::string node::text(std::span<const node> without, node after) const {
  if (tree_ == nullptr) return {};
  word_collector words;
  const auto& nodes = tree_->nodes;
  // Where block elements end, a space is due; the innermost end is passed first, so one number per depth would do, but
  // ends only matter as "somewhere before the next text".
  std::uint32_t next_end = UINT32_MAX;
  const auto last = nodes[index_].end;
  auto skipped = without.begin();
  for (auto i = after ? std::max(after.end(), index_) : index_; i < last;) {
    while (skipped != without.end() && skipped->index() < i) ++skipped;
    if (skipped != without.end() && skipped->index() == i) {
      words.space();
      i = skipped->end();
      continue;
    }
    if (i >= next_end) {
      words.space();
      next_end = UINT32_MAX;
      for (auto up = nodes[i].parent; up != index_ && up > index_; up = nodes[up].parent)
        if (!is_inline(nodes[up].text)) {
          next_end = nodes[up].end;
          break;
        }
    }
    const auto& here = nodes[i];
    if (here.kind == node_kind::text) {
      words.add(here.text);
    } else if (here.kind == node_kind::element && i != index_) {
      if (is_hidden(here.text)) {
        i = here.end;
        continue;
      }
      if (!is_inline(here.text)) {
        words.space();
        next_end = std::min(next_end, here.end);
      }
    }
    ++i;
  }
  return words.take();
}

std::optional<std::string_view> node::attribute(std::string_view name) const {
  if (!is_element()) return std::nullopt;
  const auto& here = tree_->nodes[index_];
  for (std::uint32_t i = 0; i < here.attribute_count; ++i) {
    const auto& a = tree_->attributes[here.first_attribute + i];
    if (a.name == name) return a.value;
  }
  return std::nullopt;
}

bool node::has_class(std::string_view name) const {
  if (!is_element() || name.empty()) return false;
  const auto which = tree_->nodes[index_].class_attribute;
  if (which == no_attribute) return false;
  const auto value = tree_->attributes[which].value;
  for (auto at = value.find(name); at != std::string_view::npos; at = value.find(name, at + 1)) {
    const auto after = at + name.size();
    if ((at == 0 || is_space(value[at - 1])) && (after == value.size() || is_space(value[after]))) return true;
  }
  return false;
}

node node::parent() const {
  if (tree_ == nullptr || index_ == 0) return {};
  return {tree_, tree_->nodes[index_].parent};
}

node node::first_child() const {
  if (tree_ == nullptr || index_ + 1 >= tree_->nodes[index_].end) return {};
  return {tree_, index_ + 1};
}

node node::next_sibling() const {
  if (tree_ == nullptr || index_ == 0) return {};
  const auto& here = tree_->nodes[index_];
  if (here.end >= tree_->nodes[here.parent].end) return {};
  return {tree_, here.end};
}

node node::previous_sibling() const {
  if (tree_ == nullptr || index_ == 0) return {};
  const auto up = tree_->nodes[index_].parent;
  if (index_ == up + 1) return {};
  auto before = index_ - 1;
  while (tree_->nodes[before].parent != up) before = tree_->nodes[before].parent;
  return {tree_, before};
}

bool node::contains(node other) const {
  return tree_ != nullptr && tree_ == other.tree_ && other.index_ >= index_ && other.index_ < end();
}

std::uint32_t node::end() const { return tree_ == nullptr ? 0 : tree_->nodes[index_].end; }

}  // namespace braid::html
