#pragma once

#include <nlohmann/json.hpp>
#include <vector>

#include <braid/core/url.hpp>

#include "definition.hpp"
#include "extract.hpp"

namespace braid::serp {

/// The rows of a block in a JSON answer, in its order. `scope` is what the block's paths start from.
std::vector<extracted_row> extract(const block_rule& block, const nlohmann::ordered_json& scope, const url& page);

}  // namespace braid::serp
