#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>
#include <vector>

#include <braid/html/document.hpp>
#include <braid/serp/parse.hpp>

#include "definition.hpp"
#include "extract.hpp"

namespace braid::serp {

struct found_block {
  const block_rule* rule = nullptr;
  std::vector<extracted_row> rows;
};

/// A page as its definition reads it: one of document and answer, and the blocks found in it. What was to be JSON and
/// is none has an answer of null, and no blocks.
struct page_blocks {
  page_blocks() = default;

  std::optional<html::document> document;
  std::optional<nlohmann::ordered_json> answer;
  std::vector<found_block> blocks;
};

/// Throws: limit_error.
page_blocks read_page(const definition& by, std::string_view bytes, const page_context& context);

}  // namespace braid::serp
