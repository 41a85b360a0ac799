// The dashboard: / and what it loads. Nothing in it is secret; what it shows it asks the API for.
#include <algorithm>

#include "api.hpp"
#include "page_text.hpp"

namespace braid::serve {
namespace {

/// Only what came from here runs, and it speaks to nobody else; no other page frames it.
constexpr std::string_view policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

}  // namespace

awaitable<http::reply> api_shared::page(call& from) {
  const auto& name = from.values["file"];
  const auto files = page_files();
  const auto found = std::find_if(files.begin(), files.end(), [&name](const auto& one) {
    return one.name == (name.empty() ? std::string_view("index.html") : std::string_view(name));
  });
  if (found == files.end()) co_return answer(fault(404, "not_found", "the page has no such part"));
  http::reply out(200, std::string(found->text), found->type);
  out.header("Content-Security-Policy", policy).header("Referrer-Policy", "no-referrer");
  out.header("Cache-Control", "no-cache").header("Cross-Origin-Opener-Policy", "same-origin");
  co_return out;
}

}  // namespace braid::serve
