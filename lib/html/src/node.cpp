#include <braid/html/node.hpp>

#include <algorithm>
#include <array>

#include <braid/core/utf8.hpp>

#include "tree.hpp"

namespace braid::html {
namespace {

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f'; }

/// What a character is to a reader: U+00A0 counts as space, and begins with 0xC2.
enum class character : unsigned char { plain, space, doubtful };

constexpr auto characters_by_byte = [] {
  std::array<character, 256> kinds{};
  for (const unsigned char c : {' ', '\t', '\n', '\r', '\f'}) kinds[c] = character::space;
  kinds[0xC2] = character::doubtful;
  return kinds;
}();

/// Collects words with one space between them.
class word_collector {
 public:
  void space() { pending_ = !text_.empty(); }
  void add(std::string_view part) {
    for (std::size_t at = 0; at < part.size();) {
      if (const std::size_t blank = blank_at(part, at); blank != 0) {
        space();
        at += blank;
        continue;
      }
      const std::size_t end = end_of_words(part, at + 1);
      if (pending_) text_ += ' ';
      pending_ = false;
      text_.append(part, at, end - at);
      at = end;
    }
  }
  /// The parser breaks characters around NUL bytes.
  std::string take() { return repaired_utf8(std::move(text_)); }

 private:
  static character kind(char c) { return characters_by_byte[static_cast<unsigned char>(c)]; }

  static std::size_t blank_at(std::string_view text, std::size_t at) {
    if (kind(text[at]) == character::plain) return 0;
    if (kind(text[at]) == character::space) return 1;
    return text.substr(at).starts_with("\xC2\xA0") ? 2 : 0;
  }

  /// Words that already have just one space between them are taken as they are.
  static std::size_t end_of_words(std::string_view text, std::size_t at) {
    for (;; ++at) {
      while (at < text.size() && kind(text[at]) == character::plain) ++at;
      if (at == text.size()) return at;
      if (text[at] == ' ' && at + 1 < text.size() && kind(text[at + 1]) == character::plain) continue;
      if (blank_at(text, at) != 0) return at;
    }
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
        if (nodes[up].flow == text_flow::block) {
          next_end = nodes[up].end;
          break;
        }
    }
    const auto& here = nodes[i];
    if (here.kind == node_kind::text) {
      words.add(here.text);
    } else if (here.kind == node_kind::element && i != index_) {
      if (here.flow == text_flow::hidden) {
        i = here.end;
        continue;
      }
      if (here.flow == text_flow::block) {
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
