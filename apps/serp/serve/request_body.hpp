#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string_view>
#include <variant>

#include "fault.hpp"

namespace braid::serve {

/// The parameters of a body: a JSON object, or a form. A body that begins with '{' is JSON whatever its type says,
/// since that is what curl -d sends.
std::variant<nlohmann::json, fault> read_parameters(std::string_view body, std::string_view content_type);

/// The requests of a batch, {"tasks": [...]}, as an array of 1 to `most`, none of them checked.
std::variant<nlohmann::json, fault> read_batch(std::string_view body, std::size_t most);

}  // namespace braid::serve
