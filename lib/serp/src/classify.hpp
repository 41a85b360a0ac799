#pragma once

#include <nlohmann/json.hpp>

#include <braid/html/document.hpp>
#include <braid/serp/parse.hpp>

#include "definition.hpp"

namespace braid::serp {

/// What the rules may look at.
struct page_view {
  std::string_view bytes;
  const page_context* context = nullptr;
  const html::document* document = nullptr;        // null before parsing: rules that need it do not fit
  const nlohmann::ordered_json* answer = nullptr;  // in place of a document, for an engine that answers in JSON
  std::string title;
  std::string query;
  bool has_results = false;

  bool parsed() const { return document != nullptr || answer != nullptr; }
};

/// The first rule of the definition that fits decides; then, for a page without results, what protection services
/// look like, whatever engine they stand before.
classification classify(const definition& by, const page_view& page);

}  // namespace braid::serp
