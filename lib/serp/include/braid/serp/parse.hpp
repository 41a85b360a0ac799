#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <braid/html/document.hpp>
#include <braid/serp/engine.hpp>
#include <braid/serp/page_kind.hpp>

namespace braid::serp {

/// What is known about a page besides its bytes. For a saved page: nothing, which is a success without headers.
struct page_context {
  page_context() = default;

  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string final_url;  ///< relative links are resolved against it; empty: against the engine's home
  html::limits limits;
};

/// A page's kind and what showed it: "selector form#captcha-form", "status 429".
struct classification {
  classification() = default;
  page_kind kind = page_kind::unknown;
  std::string evidence;
};

/// A page, parsed.
struct record {
  record() = default;

  page_kind kind = page_kind::unknown;
  std::string evidence;
  /// search_metadata (status, page_kind and parser; whoever fetched the page adds the rest), search_parameters where
  /// given, search_information, the blocks that the page has, and error unless the page is an answer.
  nlohmann::ordered_json json;
};

/// Parses a result page. A page of another kind is a record with that kind, never an exception.
///
/// Throws: limit_error for a page that html::document refuses.
record parse_page(const engine& of, std::string_view html, const page_context& context = {});
/// The same with the request in search_parameters.
record parse_page(const engine& of, std::string_view html, const page_context& context, const search_request& asked);

/// The record of a page that could not be parsed or read at all.
record failed_record(const engine& of, std::string_view code, std::string_view message);

/// What status, headers and the page's text show before it is parsed: enough to find most blocks at the cost of a
/// search for some words. `unknown` when only parsing can tell.
classification glance(const engine& of, std::string_view html, const page_context& context);

/// search_parameters: what is empty is left out.
nlohmann::ordered_json to_json(const search_request& asked);

}  // namespace braid::serp
