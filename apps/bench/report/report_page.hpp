#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace braid::bench {

/// The report of a command as one HTML page, from the JSON it writes: with the charts' library in it, so that it needs
/// no network. The JSON is in the page whole; every figure shown is one of its fields.
std::string report_page(const nlohmann::json& report);

}  // namespace braid::bench
