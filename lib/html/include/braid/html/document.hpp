#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <braid/html/node.hpp>
#include <braid/html/selector.hpp>

namespace braid::html {

struct tree;

/// What a page may cost. Pages beyond a limit are refused by limit_error while they are being parsed, before the cost
/// has been paid: HTML parsers need quadratic time on some of what these stop.
struct limits {
  std::size_t bytes = 32u << 20;
  /// Elements inside one another. Saved result pages reach 60.
  std::uint32_t depth = 512;
  std::uint32_t nodes = 2'000'000;
  std::uint32_t attributes_per_element = 1024;
  std::uint32_t attributes = 1'000'000;
};

/// A parsed page.
///
/// Lifetime: nodes, and the views they give, live as long as the document, wherever it is moved.
/// Threads: one at a time. The memory of a document that is gone is used again by the next one, so parsing page after
///   page is about twice as fast as the first one.
class document {
 public:
  /// Parses as browsers do; there is no HTML so broken that it fails. `charset` is what the transport said (the
  /// Content-Type header), if anything: then, or else, a byte order mark, a <meta>, and at last the bytes themselves
  /// decide (which of the encodings in use they look like, windows-1252 where they do not tell). Bytes that do not
  /// decode become U+FFFD.
  ///
  /// Throws: limit_error.
  static document parse(std::string_view bytes, std::string_view charset = {}, const limits& bounds = {});

  document(document&&) noexcept;
  document& operator=(document&&) noexcept;
  ~document();

  /// The root, whose children are the doctype's siblings: usually one <html>.
  node root() const;
  /// Every element that `which` matches, in document order.
  std::vector<node> select(const selector& which) const { return html::select(root(), which); }
  node select_first(const selector& which) const { return html::select_first(root(), which); }
  /// The text of <title>.
  std::string title() const;
  /// The name of the encoding that was decoded, in lower case: "utf-8", "gbk", ...
  std::string_view charset() const;

 private:
  explicit document(std::unique_ptr<tree> parsed);
  std::unique_ptr<tree> tree_;
};

}  // namespace braid::html
