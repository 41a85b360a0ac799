#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include <braid/core/url.hpp>
#include <braid/html/document.hpp>

#include "definition.hpp"

namespace braid::serp {

struct extracted_row {
  std::uint32_t index = 0;  // where in the document
  nlohmann::ordered_json value;
};

/// The rows of a block below `scope`, in document order.
std::vector<extracted_row> extract(const block_rule& block, html::node scope, const url& page);

/// Keeps the first of the rows that have the same value in `field`.
void drop_repeated(const std::string& field, std::vector<extracted_row>& rows);

}  // namespace braid::serp
