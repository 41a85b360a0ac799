#include <braid/html/document.hpp>

#include <braid/core/error.hpp>

#include "charset.hpp"
#include "parser.hpp"
#include "traits.hpp"

namespace braid::html {

document::document(std::unique_ptr<tree> parsed) : tree_(std::move(parsed)) {}
document::document(document&&) noexcept = default;
document& document::operator=(document&&) noexcept = default;
document::~document() = default;

document document::parse(std::string_view bytes, std::string_view charset, const limits& bounds) {
  if (bytes.size() > bounds.bytes)
    throw limit_error("the page has " + std::to_string(bytes.size()) + " bytes, " + std::to_string(bounds.bytes) +
                      " are allowed");
  const auto page = decode_page(bytes, charset);
  auto made = std::make_unique<tree>();
  made->charset = page.charset;
  parse_into(*made, page.text, bounds);
  note_traits(*made);
  return document(std::move(made));
}

node document::root() const { return node(tree_.get(), 0); }

std::string document::title() const {
  static const selector which("title");
  return select_first(which).text();
}

std::string_view document::charset() const { return tree_->charset; }

}  // namespace braid::html
