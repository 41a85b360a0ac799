#pragma once

#include <braid/html/document.hpp>
#include <braid/serp/parse.hpp>

#include "definition.hpp"

namespace braid::serp {

/// What the rules may look at.
struct page_view {
  std::string_view bytes;
  const page_context* context = nullptr;
  const html::document* document = nullptr;  // null before parsing: rules that need it do not fit
  std::string title;
  std::string query;
  bool has_results = false;
};

/// The first rule that fits decides.
classification classify(const definition& by, const page_view& page);

}  // namespace braid::serp
