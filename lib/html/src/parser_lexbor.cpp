// The seam over lexbor, of which braid uses the HTML parser and the encodings.

#include <algorithm>
#include <array>
#include <new>
#include <utility>

#include <lexbor/dom/dom.h>
#include <lexbor/encoding/encoding.h>
#include <lexbor/html/encoding.h>
#include <lexbor/html/html.h>

#include <braid/core/error.hpp>

#include "parser.hpp"

namespace braid::html {
namespace {

std::string_view view(const lxb_char_t* data, std::size_t size) {
  return data == nullptr ? std::string_view{} : std::string_view(reinterpret_cast<const char*>(data), size);
}

const lxb_char_t* bytes_of(std::string_view text) { return reinterpret_cast<const lxb_char_t*>(text.data()); }

/// The tree of one page, with its characters.
struct page : characters {
  page() = default;
  page(const page&) = delete;
  page& operator=(const page&) = delete;
  ~page() override { lxb_html_document_destroy(document); }
  lxb_html_document_t* document = nullptr;
};

/// More formatting elements than this waiting to be reopened, and each paragraph of a few bytes would bring as many.
constexpr std::size_t pending_formatting = 128;

/// Watches the tree grow, token by token, and has the parser stop when a limit is passed. Only the parser knows how
/// deep a page really is: a scan of the text beforehand can be fooled by tags it ignores.
class guard {
 public:
  guard(const limits& bounds, lxb_html_tree_t* grown)
      : bounds_(bounds),
        grown_(grown),
        next_(grown->tkz_ref->callback_token_done),
        next_context_(grown->tkz_ref->callback_token_ctx) {
    lxb_html_tokenizer_callback_token_done_set(grown->tkz_ref, on_token, this);
  }
  ~guard() { lxb_html_tokenizer_callback_token_done_set(grown_->tkz_ref, next_, next_context_); }
  guard(const guard&) = delete;
  guard& operator=(const guard&) = delete;

  const char* broken() const { return broken_; }

 private:
  static lxb_html_token_t* on_token(lxb_html_tokenizer_t* tokens, lxb_html_token_t* token, void* context) {
    auto& self = *static_cast<guard*>(context);
    self.broken_ = self.check_token(*token);
    if (self.broken_ == nullptr) {
      token = self.next_(tokens, token, self.next_context_);
      self.broken_ = self.check_tree();
    }
    if (self.broken_ == nullptr) return token;
    tokens->status = LXB_STATUS_STOPPED;
    return nullptr;
  }

  const char* check_token(const lxb_html_token_t& token) {
    std::uint32_t count = 0;
    for (const auto* a = token.attr_first; a != nullptr; a = a->next) {
      if (++count > bounds_.attributes_per_element) return "attributes of one element";
    }
    attributes_ += count;
    if (attributes_ > bounds_.attributes) return "attributes";
    // Each repeated <body> gives its attributes to the first one, which compares them all.
    if (token.tag_id == LXB_TAG_BODY || token.tag_id == LXB_TAG_HTML) {
      root_attributes_ += count;
      if (root_attributes_ > bounds_.attributes_per_element) return "attributes of one element";
    }
    return nullptr;
  }

  const char* check_tree() {
    if (grown_->open_elements->length > bounds_.depth) return "elements inside one another";
    const auto& formatting = *grown_->active_formatting;
    if (formatting.length > pending_formatting) return "open formatting elements";
    // A token makes a node; besides, it reopens formatting elements, whose copies take their places in the list.
    std::uint32_t made = 1;
    for (std::size_t i = 0; i < formatting.length; ++i) {
      made += formatting_[i] != formatting.list[i];
      formatting_[i] = formatting.list[i];
    }
    nodes_ += made;
    return nodes_ > bounds_.nodes ? "nodes" : nullptr;
  }

  const limits& bounds_;
  lxb_html_tree_t* grown_;
  lxb_html_tokenizer_token_f next_;
  void* next_context_;
  std::array<const void*, pending_formatting> formatting_{};
  std::uint32_t nodes_ = 0;
  std::uint32_t attributes_ = 0;
  std::uint32_t root_attributes_ = 0;
  const char* broken_ = nullptr;
};

/// A parser, kept by its thread for page after page.
class engine {
 public:
  engine() : parser_(lxb_html_parser_create()) {
    if (lxb_html_parser_init(parser_) != LXB_STATUS_OK) {
      lxb_html_parser_destroy(parser_);
      throw std::bad_alloc();
    }
    lxb_html_parser_dom_opt_set_noi(parser_, LXB_DOM_DOCUMENT_OPT_WO_EVENTS);
  }
  ~engine() { lxb_html_parser_destroy(parser_); }
  engine(const engine&) = delete;
  engine& operator=(const engine&) = delete;

  std::unique_ptr<page> parse(std::string_view utf8, const limits& bounds) {
    auto made = std::make_unique<page>();
    made->document = lxb_html_parse_chunk_begin(parser_);
    if (made->document == nullptr) throw std::bad_alloc();
    const guard watch(bounds, parser_->tree);
    auto status = lxb_html_parse_chunk_process(parser_, bytes_of(utf8), utf8.size());
    if (status == LXB_STATUS_OK) status = lxb_html_parse_chunk_end(parser_);
    if (status == LXB_STATUS_OK) return made;
    lxb_html_parser_clean(parser_);  // before the document it points to goes
    if (watch.broken() == nullptr) throw std::bad_alloc();
    throw limit_error("the page has too many " + std::string(watch.broken()) + " and was not parsed to its end");
  }

 private:
  lxb_html_parser_t* parser_;
};

void add_element(tree& into, lxb_dom_node_t* node, std::uint32_t parent) {
  node_data made;
  made.kind = node_kind::element;
  made.parent = parent;
  std::size_t size = 0;
  auto* const element = lxb_dom_interface_element(node);
  const auto* name = lxb_dom_element_qualified_name(element, &size);
  made.text = view(name, size);
  made.first_attribute = static_cast<std::uint32_t>(into.attributes.size());
  for (auto* a = element->first_attr; a != nullptr; a = a->next) {
    if (a == element->attr_class) made.class_attribute = static_cast<std::uint32_t>(into.attributes.size());
    const auto* key = lxb_dom_attr_qualified_name(a, &size);
    const auto key_view = view(key, size);
    const auto* value = lxb_dom_attr_value_noi(a, &size);
    into.attributes.push_back({key_view, value == nullptr ? std::string_view{} : view(value, size)});
    ++made.attribute_count;
  }
  into.nodes.push_back(made);
}

/// Copies the links, not the characters. A walk without recursion: the page decides how deep it goes.
void flatten(tree& into, lxb_dom_node_t* top, const limits& bounds) {
  node_data root;
  root.kind = node_kind::root;
  into.nodes.push_back(root);
  auto* node = top->first_child;
  std::uint32_t parent = 0;
  std::uint32_t depth = 0;
  while (node != nullptr) {
    const auto index = static_cast<std::uint32_t>(into.nodes.size());
    if (index > bounds.nodes) throw limit_error("the page has too many nodes and was not parsed to its end");
    const bool enter = node->type == LXB_DOM_NODE_TYPE_ELEMENT;
    if (enter) {
      add_element(into, node, parent);
    } else if (node->type == LXB_DOM_NODE_TYPE_TEXT) {
      const auto& data = lxb_dom_interface_character_data(node)->data;
      node_data made;
      made.parent = parent;
      made.text = view(data.data, data.length);
      made.end = index + 1;
      into.nodes.push_back(made);
    }
    if (enter && node->first_child != nullptr) {
      // Deeper than the parser's stack: misnested formatting elements can end up so.
      if (++depth > bounds.depth) {
        throw limit_error("the page has too many elements inside one another and was not parsed to its end");
      }
      parent = index;
      node = node->first_child;
      continue;
    }
    if (enter) into.nodes[index].end = index + 1;
    while (node->next == nullptr && node->parent != nullptr && node->parent != top) {
      node = node->parent;
      --depth;
      into.nodes[parent].end = static_cast<std::uint32_t>(into.nodes.size());
      parent = into.nodes[parent].parent;
    }
    node = node->next;
  }
  into.nodes[0].end = static_cast<std::uint32_t>(into.nodes.size());
}

std::optional<std::string_view> name_of(const lxb_encoding_data_t* encoding) {
  if (encoding == nullptr) return std::nullopt;
  return std::string_view(reinterpret_cast<const char*>(encoding->name));
}

}  // namespace

void parse_into(tree& into, std::string_view utf8, const limits& bounds) {
  thread_local engine parser;
  auto made = parser.parse(utf8, bounds);
  flatten(into, lxb_dom_interface_node(made->document), bounds);
  into.keep = std::move(made);
}

std::optional<std::string_view> encoding_by_label(std::string_view label) {
  return name_of(lxb_encoding_data_by_pre_name(bytes_of(label), label.size()));
}

std::optional<std::string_view> encoding_in_meta(std::string_view bytes) {
  std::optional<std::string_view> found;
  auto* const metas = lxb_html_encoding_create_noi();
  if (lxb_html_encoding_init(metas) == LXB_STATUS_OK &&
      lxb_html_encoding_determine(metas, bytes_of(bytes), bytes_of(bytes) + bytes.size()) == LXB_STATUS_OK) {
    for (std::size_t i = 0; !found && i < lxb_html_encoding_meta_length_noi(metas); ++i) {
      const auto* const label = lxb_html_encoding_meta_entry_noi(metas, i);
      found = encoding_by_label(view(label->name, static_cast<std::size_t>(label->end - label->name)));
    }
  }
  lxb_html_encoding_destroy(metas, true);
  return found;
}

std::string decode(std::string_view bytes, std::string_view encoding) {
  const auto* how = lxb_encoding_data_by_name_noi(bytes_of(encoding), encoding.size());
  if (how == nullptr) how = lxb_encoding_data(LXB_ENCODING_WINDOWS_1252);
  constexpr lxb_codepoint_t replacement = LXB_ENCODING_REPLACEMENT_CODEPOINT;
  std::array<lxb_codepoint_t, 4096> points;
  lxb_encoding_decode_t state;
  lxb_encoding_decode_init_noi(&state, how, points.data(), points.size());
  lxb_encoding_decode_replace_set_noi(&state, &replacement, 1);
  std::string text;
  text.reserve(bytes.size() + bytes.size() / 2);
  const auto put_all = [&] {
    for (std::size_t i = 0; i < lxb_encoding_decode_buf_used_noi(&state); ++i) {
      std::array<lxb_char_t, 8> unit;
      auto* end = unit.data();
      lxb_encoding_encode_utf_8_single(nullptr, &end, unit.data() + unit.size(), points[i]);
      text.append(view(unit.data(), static_cast<std::size_t>(end - unit.data())));
    }
    lxb_encoding_decode_buf_used_set_noi(&state, 0);
  };
  const auto* at = bytes_of(bytes);
  while (how->decode(&state, &at, bytes_of(bytes) + bytes.size()) == LXB_STATUS_SMALL_BUFFER) put_all();
  put_all();
  lxb_encoding_decode_finish_noi(&state);
  put_all();
  return text;
}

}  // namespace braid::html
