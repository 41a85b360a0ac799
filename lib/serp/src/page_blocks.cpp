#include "page_blocks.hpp"

#include <braid/core/error.hpp>
#include <braid/core/utf8.hpp>

#include "extract_json.hpp"

namespace braid::serp {
namespace {

/// What relative links are relative to.
url address_of(const definition& by, const page_context& context) {
  if (auto given = url::try_parse(context.final_url)) return *given;
  return url::parse(by.home);
}

/// The same for a document. A saved page whose address nobody kept may say itself where it stood.
url address_of(const definition& by, const page_context& context, const html::document& document) {
  static const html::selector canonical("link[rel=canonical][href]"), base("base[href]");
  auto page = address_of(by, context);
  if (context.final_url.empty()) {
    const auto own = document.select_first(canonical);
    if (auto said = url::try_parse(own ? own.attribute("href").value_or("") : "")) page = std::move(*said);
  }
  const auto moved = document.select_first(base);
  if (!moved) return page;
  try {
    return page.resolve(*moved.attribute("href"));
  } catch (const std::exception&) {
    return page;
  }
}

std::string charset_of(const page_context& context) {
  static const pattern charset("charset\\s*=\\s*[\"']?([^\\s;\"']+)");
  for (const auto& [name, value] : context.headers)
    if (name.size() == 12 && pattern("^content-type$").found_in(name)) return charset.extract(value).value_or("");
  return {};
}

nlohmann::ordered_json answer_in(std::string_view bytes, const html::limits& bounds) {
  if (bytes.size() > bounds.bytes)
    throw limit_error("the answer has " + std::to_string(bytes.size()) + " bytes, " + std::to_string(bounds.bytes) +
                      " are allowed");
  const bool whole = valid_utf8(bytes) == bytes.size();
  auto answer = whole ? nlohmann::ordered_json::parse(bytes, nullptr, false)
                      : nlohmann::ordered_json::parse(repaired_utf8(std::string(bytes)), nullptr, false);
  if (answer.is_discarded()) return nullptr;
  return answer;
}

}  // namespace

page_blocks read_page(const definition& by, std::string_view bytes, const page_context& context) {
  page_blocks page;
  page.blocks.reserve(by.blocks.size());
  if (by.format == page_format::json) {
    page.answer = answer_in(bytes, context.limits);
    const auto address = address_of(by, context);
    for (const auto& rule : by.blocks) page.blocks.push_back({&rule, extract(rule, *page.answer, address)});
    return page;
  }
  page.document = html::document::parse(bytes, charset_of(context), context.limits);
  const auto address = address_of(by, context, *page.document);
  for (const auto& rule : by.blocks) page.blocks.push_back({&rule, extract(rule, page.document->root(), address)});
  return page;
}

}  // namespace braid::serp
