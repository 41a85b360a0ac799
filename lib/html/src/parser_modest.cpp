// The seam over Modest, of which braid uses the HTML parser MyHTML and its encodings.
//
// MyHTML drops leading space before <head> by memcpy within one buffer. The target lies before the source, which the C
// libraries in use copy right; AddressSanitizer reports it (tests/fuzz/html_fuzz.cpp shows how to silence that).

#include <csetjmp>
#include <mutex>
#include <utility>

#include <myencoding/encoding.h>
#include <myhtml/callback.h>
#include <myhtml/myhtml.h>
#include <myhtml/tree.h>

#include <braid/core/error.hpp>

#include "parser.hpp"

namespace braid::html {
namespace {

/// A tree of MyHTML with the parser that fills it. One a document at a time; kept for the next one.
class engine {
 public:
  engine() : parser_(myhtml_create()), tree_(myhtml_tree_create()) {
    if (parser_ == nullptr || tree_ == nullptr || myhtml_init(parser_, MyHTML_OPTIONS_PARSE_MODE_SINGLE, 1, 0) != 0 ||
        myhtml_tree_init(tree_, parser_) != 0) {
      close();
      throw std::bad_alloc();
    }
    myhtml_tree_parse_flags_set(tree_, MyHTML_TREE_PARSE_FLAGS_WITHOUT_DOCTYPE_IN_TREE);
  }
  ~engine() { close(); }
  engine(const engine&) = delete;
  engine& operator=(const engine&) = delete;

  myhtml_tree_t* tree() const { return tree_; }

 private:
  void close() {
    if (tree_ != nullptr) myhtml_tree_destroy(tree_);
    if (parser_ != nullptr) myhtml_destroy(parser_);
  }

  myhtml_t* parser_;
  myhtml_tree_t* tree_;
};

/// Engines that wait for their next page. A thread has its own; the mutex is for documents that die in another one.
class engine_pool {
 public:
  std::unique_ptr<engine> take() {
    {
      const std::lock_guard lock(mutex_);
      if (!free_.empty()) {
        auto taken = std::move(free_.back());
        free_.pop_back();
        return taken;
      }
    }
    return std::make_unique<engine>();
  }
  void give_back(std::unique_ptr<engine> used) {
    const std::lock_guard lock(mutex_);
    if (free_.size() < 4) free_.push_back(std::move(used));
  }

 private:
  std::mutex mutex_;
  std::vector<std::unique_ptr<engine>> free_;
};

std::shared_ptr<engine_pool> this_thread_pool() {
  thread_local const auto pool = std::make_shared<engine_pool>();
  return pool;
}

/// A page this long leaves a tree too large to keep around.
constexpr std::size_t reusable_bytes = 4u << 20;

struct lease : characters {
  std::shared_ptr<engine_pool> pool = this_thread_pool();
  std::unique_ptr<engine> used = pool->take();
  bool reusable = false;

  lease() = default;
  lease(const lease&) = delete;
  lease& operator=(const lease&) = delete;
  ~lease() override {
    if (reusable) pool->give_back(std::move(used));
  }
};

/// Watches the tree grow, node by node, and leaves the parser the moment a limit is passed. Only the parser knows how
/// deep a page really is (a scan of the text beforehand can be fooled by tags the parser ignores), and it has no way to
/// be told to stop, so the way out is a jump. Only C frames are skipped, and the tree is destroyed afterwards.
struct guard {
  limits bounds;
  std::uint32_t nodes = 0;
  std::uint32_t attributes = 0;
  std::uint32_t root_attributes = 0;
  std::size_t moved_bytes = 0;
  std::size_t token_bytes = 0;  // of the text that arrived last
  std::size_t text_bytes = 0;   // of all pieces since the last new text node
  const char* broken = nullptr;
  std::jmp_buf out;
};

[[noreturn]] void leave(guard& watch, const char* what) {
  watch.broken = what;
  std::longjmp(watch.out, 1);
}

/// More formatting elements than this waiting to be reopened, and each paragraph of a few bytes would bring as many.
constexpr std::size_t pending_formatting = 128;

/// Text that arrives in pieces ("a</b>a</b>...", or between table rows) is copied whole for each piece. A page without
/// such pieces moves as many bytes as it has; this is half a second of copying.
constexpr std::size_t movable_bytes = 1u << 30;

void on_insert(myhtml_tree_t* grown, myhtml_tree_node_t* node, void* context) {
  auto& watch = *static_cast<guard*>(context);
  if (++watch.nodes > watch.bounds.nodes) leave(watch, "nodes");
  if (node->tag_id == MyHTML_TAG__TEXT) watch.text_bytes = watch.token_bytes;
  const auto depth = (node->parent != nullptr ? reinterpret_cast<std::uintptr_t>(node->parent->data) : 0) + 1;
  node->data = reinterpret_cast<void*>(depth);
  if (depth > watch.bounds.depth || grown->open_elements->length > watch.bounds.depth)
    leave(watch, "elements inside one another");
  if (grown->active_formatting->length > pending_formatting) leave(watch, "open formatting elements");
  std::uint32_t count = 0;
  for (auto* a = myhtml_node_attribute_first(node); a != nullptr; a = myhtml_attribute_next(a))
    if (++count > watch.bounds.attributes_per_element) leave(watch, "attributes of one element");
  watch.attributes += count;
  if (watch.attributes > watch.bounds.attributes) leave(watch, "attributes");
}

/// For what costs time without making a node. MyHTML 4.0.5 calls this with a null context, so it takes that of
/// on_insert.
void* on_token(myhtml_tree_t* grown, myhtml_token_node_t* token, void*) {
  auto& watch = *static_cast<guard*>(grown->callback_tree_node_insert_ctx);
  if (token->tag_id == MyHTML_TAG__TEXT) {
    watch.token_bytes = token->raw_length;
    watch.text_bytes += watch.token_bytes;
    watch.moved_bytes += watch.text_bytes;
    if (watch.moved_bytes > movable_bytes) leave(watch, "pieces of text");
  } else if (token->tag_id == MyHTML_TAG_BODY || token->tag_id == MyHTML_TAG_HTML) {
    // Each repeated <body> gives its attributes to the first one, which compares them all.
    for (const auto* a = token->attr_first; a != nullptr; a = a->next)
      if (++watch.root_attributes > watch.bounds.attributes_per_element) leave(watch, "attributes of one element");
  }
  return nullptr;
}

/// No C++ object may need destruction in here or in on_insert: the jump would skip it.
int run(myhtml_tree_t* grown, std::string_view utf8, guard& watch) {
  if (setjmp(watch.out) != 0) return -1;
  myhtml_callback_tree_node_insert_set(grown, on_insert, &watch);
  myhtml_callback_before_token_done_set(grown, on_token, nullptr);
  return static_cast<int>(myhtml_parse(grown, MyENCODING_UTF_8, utf8.data(), utf8.size()));
}

std::string_view view(const char* data, std::size_t size) {
  return data == nullptr ? std::string_view{} : std::string_view(data, size);
}

void add_element(tree& into, myhtml_tree_t* from, myhtml_tree_node_t* node, std::uint32_t parent) {
  node_data made;
  made.kind = node_kind::element;
  made.parent = parent;
  std::size_t size = 0;
  const char* name = myhtml_tag_name_by_id(from, myhtml_node_tag_id(node), &size);
  made.text = view(name, size);
  made.first_attribute = static_cast<std::uint32_t>(into.attributes.size());
  for (auto* a = myhtml_node_attribute_first(node); a != nullptr; a = myhtml_attribute_next(a)) {
    std::size_t key_size = 0, value_size = 0;
    const char* key = myhtml_attribute_key(a, &key_size);
    const char* value = myhtml_attribute_value(a, &value_size);
    if (view(key, key_size) == "class" && made.class_attribute == no_attribute)
      made.class_attribute = static_cast<std::uint32_t>(into.attributes.size());
    into.attributes.push_back({view(key, key_size), view(value, value_size)});
    ++made.attribute_count;
  }
  into.nodes.push_back(made);
}

/// Copies the links, not the characters. A walk without recursion: the page decides how deep it goes.
void flatten(tree& into, myhtml_tree_t* from) {
  node_data root;
  root.kind = node_kind::root;
  into.nodes.push_back(root);
  auto* const top = myhtml_tree_get_document(from);
  auto* node = top == nullptr ? nullptr : top->child;
  std::uint32_t parent = 0;
  while (node != nullptr) {
    const auto index = static_cast<std::uint32_t>(into.nodes.size());
    const auto tag = myhtml_node_tag_id(node);
    bool enter = false;
    if (tag == MyHTML_TAG__TEXT) {
      std::size_t size = 0;
      const char* data = myhtml_node_text(node, &size);
      node_data made;
      made.parent = parent;
      made.text = view(data, size);
      made.end = index + 1;
      into.nodes.push_back(made);
    } else if (tag != MyHTML_TAG__COMMENT && tag != MyHTML_TAG__DOCTYPE && tag != MyHTML_TAG__END_OF_FILE) {
      add_element(into, from, node, parent);
      enter = true;
    }
    if (enter && node->child != nullptr) {
      parent = index;
      node = node->child;
      continue;
    }
    if (enter) into.nodes[index].end = index + 1;
    while (node->next == nullptr && node->parent != nullptr && node->parent != top) {
      node = node->parent;
      into.nodes[parent].end = static_cast<std::uint32_t>(into.nodes.size());
      parent = into.nodes[parent].parent;
    }
    node = node->next;
  }
  into.nodes[0].end = static_cast<std::uint32_t>(into.nodes.size());
}

std::optional<std::string_view> name_of(myencoding_t encoding) {
  std::size_t size = 0;
  const char* name = myencoding_name_by_id(encoding, &size);
  if (name == nullptr) return std::nullopt;
  return std::string_view(name, size);
}

}  // namespace

void parse_into(tree& into, std::string_view utf8, const limits& bounds) {
  auto held = std::make_unique<lease>();
  auto watch = std::make_unique<guard>();
  watch->bounds = bounds;
  auto* const grown = held->used->tree();
  const int status = run(grown, utf8, *watch);
  if (watch->broken != nullptr)
    throw limit_error("the page has too many " + std::string(watch->broken) + " and was not parsed to its end");
  if (status != 0) throw std::bad_alloc();
  into.nodes.reserve(watch->nodes + 1);
  into.attributes.reserve(watch->attributes);
  flatten(into, grown);
  held->reusable = utf8.size() <= reusable_bytes;
  into.keep = std::move(held);
}

std::optional<std::string_view> encoding_by_label(std::string_view label) {
  myencoding_t encoding = MyENCODING_NOT_DETERMINED;
  if (!myencoding_by_name(label.data(), label.size(), &encoding)) return std::nullopt;
  return name_of(encoding);
}

std::optional<std::string_view> encoding_in_meta(std::string_view bytes) {
  const auto found = myencoding_prescan_stream_to_determine_encoding(bytes.data(), bytes.size());
  if (found == MyENCODING_NOT_DETERMINED) return std::nullopt;
  return name_of(found);
}

std::string decode(std::string_view bytes, std::string_view encoding) {
  myencoding_t id = MyENCODING_UTF_8;
  if (!myencoding_by_name(encoding.data(), encoding.size(), &id)) id = MyENCODING_WINDOWS_1252;
  const auto step = myencoding_get_function_by_id(id);
  std::string text;
  text.reserve(bytes.size() + bytes.size() / 2);
  myencoding_result_t state{};
  const auto put = [&text](std::size_t codepoint) {
    if (codepoint > 0x10FFFF || (codepoint >= 0xD800 && codepoint < 0xE000)) codepoint = 0xFFFD;
    char unit[8];
    text.append(unit, myencoding_codepoint_to_ascii_utf_8(codepoint, unit));
  };
  const bool shift_jis = id == MyENCODING_SHIFT_JIS;
  for (const char c : bytes) {
    // The first pair of the table is the ideographic space, which MyHTML 4.0.5 takes for an error.
    if (shift_jis && state.first == 0x81 && c == 0x40) {
      state.first = 0;
      put(0x3000);
      continue;
    }
    const auto status = step(static_cast<unsigned char>(c), &state);
    if (status == MyENCODING_STATUS_OK) {
      put(state.result);
      if (state.result_aux != 0) put(state.result_aux);
      state.result_aux = 0;
      if (shift_jis) state.first = 0;  // which MyHTML 4.0.5 leaves as it is
    } else if ((status & MyENCODING_STATUS_ERROR) != 0 || status == MyENCODING_STATUS_DONE) {
      state = {};
      put(0xFFFD);
      if (static_cast<unsigned char>(c) < 0x80) text.push_back(c);  // an ASCII byte never ends a broken pair
    }
  }
  return text;
}

}  // namespace braid::html
