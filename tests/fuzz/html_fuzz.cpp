// Any bytes are a document or over a limit, any text is a selector or refused; walking and selecting stay inside.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include <braid/core/error.hpp>
#include <braid/html/document.hpp>

namespace {

using namespace braid;

void require(bool holds) {
  if (!holds) std::abort();
}

void walk(const html::document& page) {
  static const html::selector every("*"), some("div:has(> a) a[href^=h i] ~ :not(p), :nth-child(2n+1) b");
  std::uint32_t last = 0;
  for (const auto n : page.select(every)) {
    require(n.index() > last && n.end() > n.index() && n.end() <= page.root().end());
    require(n.parent().contains(n));
    if (const auto next = n.next_sibling()) require(next.previous_sibling() == n);
    last = n.index();
  }
  page.select(some);
  page.root().text();
  page.title();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  try {
    walk(html::document::parse(bytes));
  } catch (const limit_error&) {
  }
  try {
    const html::selector which(bytes.substr(0, 200));
    static const auto page = html::document::parse("<div class=a id=b><p>c<b x=y>d</b></p><a href=h>e</a></div>");
    page.select(which);
  } catch (const invalid_argument&) {
  }
  return 0;
}

// MyHTML moves text within a buffer by memcpy (the target lies before the source, which every C library in use copies
// right). AddressSanitizer reports it although the library is not instrumented.
extern "C" const char* __asan_default_suppressions() { return "interceptor_via_lib:libmodest"; }
