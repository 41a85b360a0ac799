#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace braid::report {

/// A report as one HTML page: its JSON whole, the chart library, and the script that draws it, which calls show() of
/// common.js. The page needs no network, and nothing in the JSON can become markup or script.
std::string page(const nlohmann::json& data, std::string_view script);

}  // namespace braid::report
